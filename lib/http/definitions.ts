/** `/definitions`: what is in force, its history, and changes to it, each of which is all or nothing. */
import * as z from 'zod/mini';
import { findAction } from '../action/catalogue.ts';
import { ACTION_NAMES } from '../action/names.ts';
import { isoTime } from '../clock.ts';
import { checkDefinitions } from '../definition/check.ts';
import { commit, editsOf, readCurrent } from '../definition/commit.ts';
import type { Definition } from '../definition/definition.ts';
import { diffDefinitions } from '../definition/diff.ts';
import { historyOf, unknownDefinition } from '../definition/history.ts';
import { maskSecrets } from '../definition/secret-options.ts';
import type { DefinitionStore, Note } from '../definition/store.ts';
import { warningsOf } from '../definition/warnings.ts';
import { TokenwrightError } from '../error.ts';
import { parse, Refusal } from '../validate.ts';
import { type Call, type Operations, readQuery } from './call.ts';
import { json } from './problem.ts';

export const DefinitionId = z.string().check(z.regex(/^[1-9]\d{0,14}$/, "must be a definition's id, a whole number"));

/** Why something is changed, kept in the history. */
const message = z._default(z.string().check(z.maxLength(1000)), '');

export const Reasoned = z.strictObject({ message });
export const Proposal = z.strictObject({
  /** The whole set: a list, or an export of privacyIDEA. */
  definitions: z.unknown(),
  message,
  /** The set that this is made for, as `plan` or the list told it; another one in force is a 409. */
  set: z.optional(z.int()),
});

/** The operations on a store. */
export function definitionOperations(store: DefinitionStore): Operations {
  return {
    'GET /definitions': async () => {
      const { set, stored } = await readCurrent(store);
      return json(200, { set: set.number, definitions: [...stored.values()].map(shown) });
    },

    'GET /definitions/{id}': async (call) => {
      const { stored } = await readCurrent(store);
      const found = stored.get(idOf(call));
      if (!found) throw unknownDefinition(idOf(call));
      return json(200, shown(found));
    },

    'PUT /definitions/{id}': async (call) => {
      const id = idOf(call);
      const note = noteOf(call, 'put', readQuery(Reasoned, call).message);
      const definition = await readDefinition(call.body(), id);
      const current = await readCurrent(store);
      const { versions } = await commit(store, current.set, editsOf(current, [definition]), note);
      const version = versions.get(id) ?? current.stored.get(id)?.version ?? 0;
      const warnings = warningsOf(definition).map(described);
      return json(current.stored.has(id) ? 200 : 201, { ...shown({ id, version, body: definition }), warnings });
    },

    'DELETE /definitions/{id}': async (call) => {
      const id = idOf(call);
      const note = noteOf(call, 'delete', readQuery(Reasoned, call).message);
      const current = await readCurrent(store);
      if (!current.stored.has(id)) throw unknownDefinition(id);
      const { set } = await commit(store, current.set, [{ id, body: null }], note);
      return json(200, { set, id });
    },

    'GET /definitions/{id}/history': async (call) => {
      const history = await historyOf(store, idOf(call));
      return json(200, {
        versions: history.map(({ version, note, inForce, body }) => ({
          version,
          in_force: inForce,
          note,
          definition: body === null ? null : masked(body),
        })),
      });
    },

    'POST /definitions/plan': async (call) => {
      const { plan } = await planOf(call, store);
      return json(200, plan);
    },

    'POST /definitions/apply': async (call) => {
      const { plan, edits, current, proposal } = await planOf(call, store);
      if (proposal.set !== undefined && proposal.set !== plan.set) {
        const words = `the set in force is ${plan.set}, not ${proposal.set}: someone else changed it`;
        throw new TokenwrightError('definitions_changed', words, { path: 'set', given: proposal.set });
      }
      const { set } = await commit(store, current.set, edits, noteOf(call, 'apply', proposal.message));
      return json(200, { ...plan, set });
    },
  };
}

/** What a proposed whole set would change. */
async function planOf(call: Call, store: DefinitionStore) {
  const proposal = parse(Proposal, call.body(), 'bad_body');
  const { definitions, errors, leftOut } = await checkDefinitions(proposal.definitions, findAction, ACTION_NAMES);
  if (errors.length > 0) throw new Refusal(errors);
  const current = await readCurrent(store);
  const before = new Map([...current.stored].map(([id, { body }]) => [id, body]));
  const after = new Map(definitions.map((definition) => [definition.id, definition]));
  const gone = [...before.keys()].filter((id) => !after.has(id)).map((id) => ({ id, body: null }));
  const changes = diffDefinitions(before, after).map(({ kind, id, name, fields }) => ({
    kind,
    id,
    name,
    fields: fields.map(({ path, before: from = null, after: to = null }) => ({ path, before: from, after: to })),
  }));
  const warnings = definitions.flatMap((one) =>
    warningsOf(one).map((warning) => ({ id: one.id, ...described(warning) })),
  );
  const plan = { set: current.set.number, changes, warnings, left_out: leftOut };
  return { plan, edits: [...editsOf(current, definitions), ...gone], current, proposal };
}

/** One definition, for the id of its path. */
async function readDefinition(body: unknown, id: number): Promise<Definition> {
  const given = body !== null && typeof body === 'object' && !Array.isArray(body) ? body : {};
  if ('id' in given && Number(given.id) !== id) {
    const words = `the path says ${id}`;
    throw new TokenwrightError('bad_definition', words, { path: 'id', given: given.id, allowed: String(id) });
  }
  const { definitions, errors, leftOut } = await checkDefinitions([{ ...given, id }], findAction, ACTION_NAMES, '');
  if (errors.length > 0) throw new Refusal(errors.map(withoutPlace));
  const [definition] = definitions;
  if (definition) return definition;
  const other = leftOut[0]?.handlermodule ?? '';
  throw new TokenwrightError('bad_definition', `the handler module is "${other}"`, {
    path: 'handlermodule',
    allowed: 'Token',
  });
}

/** Paths as in `options.realm`: there is one definition, and no list. */
function withoutPlace({ code, message: words, details }: TokenwrightError): TokenwrightError {
  const path = (details.path ?? '').replace(/^\[0\]\.?/, '');
  return new TokenwrightError(code, words, { ...details, path });
}

function noteOf({ caller, now }: Call, how: string, why: string): Note {
  return { at: isoTime(now), by: caller, how, message: why };
}

function idOf({ path }: Call): number {
  return Number(parse(z.object({ id: DefinitionId }), path, 'bad_path').id);
}

function shown({ version, body }: { readonly version: number; readonly body: unknown; readonly id: number }) {
  return { ...masked(body), version };
}

function masked(body: unknown): object {
  const definition = body !== null && typeof body === 'object' ? body : {};
  if (!('options' in definition) || definition.options === null || typeof definition.options !== 'object')
    return definition;
  return { ...definition, options: maskSecrets({ ...definition.options }) };
}

function described({ code, path, message: words }: ReturnType<typeof warningsOf>[number]) {
  return { code, path, message: words };
}

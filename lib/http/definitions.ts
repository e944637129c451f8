/** `/definitions`: the applied definitions, their history, and changes to them, each of which is all or nothing. */
import * as z from 'zod/mini';
import { isoTime } from '../base/clock.ts';
import { TokenwrightError } from '../base/error.ts';
import { type CurrentDefinitions, commit, readCurrent } from '../definition/commit.ts';
import { historyOf, unknownDefinition } from '../definition/history.ts';
import { applyProposal, type Mode, type Proposal, propose } from '../definition/propose.ts';
import { maskBody } from '../definition/secret-options.ts';
import type { ChangeNote, DefinitionStore } from '../definition/store.ts';
import { viewHistory, viewProposal } from '../definition/view.ts';
import { parse, Refusal } from '../schema/validate.ts';
import type { SecretBox } from '../secret/box.ts';
import { type HttpCall, type HttpOperations, json, readQuery } from './call.ts';
import { ApplyBody, DefinitionPath, PlanBody, WhyQuery } from './contract.ts';

/** @param box seals the secrets of definitions that are applied */
export function definitionOperations(store: DefinitionStore, box: SecretBox): HttpOperations {
  return {
    'GET /definitions': async () => {
      const current = await readCurrent(store);
      const definitions = [...current.bodies.keys()].map((id) => shown(id, current));
      return json(200, { set: current.set.number, definitions });
    },

    'GET /definitions/{id}': async (call) => {
      const id = idOf(call);
      return json(200, shown(id, await readHaving(id, store)));
    },

    'PUT /definitions/{id}': async (call) => {
      const id = idOf(call);
      const note = noteOf(call, 'put', readQuery(WhyQuery, call).message);
      const current = await readCurrent(store);
      const proposal = await proposeOne(call.body(), id, current, box);
      const version = (await applyProposal(store, proposal, note)).get(id);
      const warnings = proposal.warnings.filter((one) => one.id === id);
      const definition = proposal.definitions.find((one) => one.id === id);
      return json(current.bodies.has(id) ? 200 : 201, { ...maskBody(definition), version, warnings });
    },

    'DELETE /definitions/{id}': async (call) => {
      const id = idOf(call);
      const note = noteOf(call, 'delete', readQuery(WhyQuery, call).message);
      const current = await readHaving(id, store);
      const { set } = await commit(store, current.set, [{ id, body: null }], note);
      return json(200, { set, id });
    },

    'GET /definitions/{id}/history': async (call) => {
      return json(200, { versions: viewHistory(await historyOf(store, idOf(call))) });
    },

    'POST /definitions/plan': async (call) => {
      const { definitions } = parse(PlanBody, call.body(), 'bad_body');
      return json(200, viewProposal(await proposeAll(definitions, await readCurrent(store), box)));
    },

    'POST /definitions/apply': async (call) => {
      const { definitions, message, set } = parse(ApplyBody, call.body(), 'bad_body');
      const current = await readCurrent(store);
      if (set !== current.set.number) throw changedSince(set, current.set.number);
      const proposal = await proposeAll(definitions, current, box);
      const versions = await applyProposal(store, proposal, noteOf(call, 'apply', message));
      const applied = proposal.changes.map(({ id }) => ({ id, version: versions.get(id) }));
      return json(200, { applied, ...viewProposal(proposal) });
    },
  };
}

function shown(id: number, { bodies, set }: CurrentDefinitions): object {
  return { ...maskBody(bodies.get(id)), version: set.live.get(id) };
}

/** Reads the applied definitions. @throws TokenwrightError `unknown_definition` if that one is not among them */
async function readHaving(id: number, store: DefinitionStore): Promise<CurrentDefinitions> {
  const current = await readCurrent(store);
  if (!current.bodies.has(id)) throw unknownDefinition(id);
  return current;
}

function proposeAll(input: unknown, current: CurrentDefinitions, box: SecretBox): Promise<Proposal> {
  return proposed(input, current, 'replace', box);
}

/** Plans one definition under the id of the path. The paths of its faults have no place in a list: `options.realm`. */
async function proposeOne(body: unknown, id: number, current: CurrentDefinitions, box: SecretBox): Promise<Proposal> {
  const given = parse(z.looseObject({ id: z.optional(z.unknown()) }), body, 'bad_definition');
  if (given.id !== undefined && Number(given.id) !== id) {
    const details = { path: 'id', given: given.id, allowed: String(id) };
    throw new TokenwrightError('bad_definition', `is ${JSON.stringify(given.id)}, and the path says ${id}`, details);
  }
  try {
    const proposal = await proposed([{ ...given, id }], current, 'merge', box);
    const [other] = proposal.leftOut;
    if (!other) return proposal;
    const details = { path: 'handlermodule', given: other.handlermodule, allowed: 'Token' };
    throw new TokenwrightError('bad_definition', 'is a definition of another handler module', details);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.errors.map(withoutPlace)) : error;
  }
}

function proposed(input: unknown, current: CurrentDefinitions, mode: Mode, box: SecretBox): Promise<Proposal> {
  return propose([{ input }], current, mode, box);
}

function withoutPlace(error: TokenwrightError): TokenwrightError {
  return error.with({ path: (error.details.path ?? '').replace(/^definitions\[0\]\.?/, '') });
}

function changedSince(given: number, present: number): TokenwrightError {
  const message = `the applied set is ${present}, not ${given}: someone else changed the definitions meanwhile`;
  return new TokenwrightError('definitions_changed', message, { path: 'set', given });
}

function noteOf({ caller, now }: HttpCall, how: string, message: string): ChangeNote {
  return { at: isoTime(now), by: caller, how, message };
}

const idOf = ({ path }: HttpCall): number => Number(parse(DefinitionPath, path, 'bad_path').id);

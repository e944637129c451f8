/** `/explain`: what the definitions would do at an event, and why not. Nothing is written. */
import * as z from 'zod/mini';
import { findAction } from '../action/catalogue.ts';
import { ACTION_NAMES } from '../action/names.ts';
import { isoTime } from '../clock.ts';
import { checkDefinitions } from '../definition/check.ts';
import { type CompiledSet, compileSet, currentSet } from '../definition/compiled-set.ts';
import type { DefinitionStore } from '../definition/store.ts';
import { type AuthEvent, parseAuthEvent } from '../event/auth-event.ts';
import { dropSecrets } from '../event/secrets.ts';
import { explainEvent } from '../explain/explain.ts';
import { rehearse, type Scene } from '../plan/rehearsal.ts';
import { parse, Refusal } from '../validate.ts';
import type { Operations } from './call.ts';
import { json } from './problem.ts';

export const Question = z.strictObject({
  /** An auth event; `id`, `source` and `time` may be absent. */
  event: z.looseObject({}),
  /** Tells of this token alone. */
  serial: z.optional(z.string().check(z.minLength(1))),
  /** Definitions that are not applied, in place of those in force. */
  definitions: z.optional(z.unknown()),
});

export function explainOperations(scene: Scene, store: DefinitionStore): Operations {
  return {
    'POST /explain': async (call) => {
      const { event, serial, definitions } = parse(Question, call.body(), 'bad_body');
      const about = readEvent(event, call.now);
      const set = definitions === undefined ? await currentSet(store) : await proposed(definitions);
      return json(200, await explainEvent(about, rehearse(scene, set), serial));
    },
  };
}

function readEvent(given: Readonly<Record<string, unknown>>, now: number): AuthEvent {
  const { value } = dropSecrets({ id: 'explained', source: 'http', time: isoTime(now), detail: {}, ...given });
  const parsed = parseAuthEvent(value);
  if (parsed.ok) return parsed.value;
  throw new Refusal(parsed.errors.map((error) => error.under('event')));
}

async function proposed(given: unknown): Promise<CompiledSet> {
  const { definitions, errors } = await checkDefinitions(given, findAction, ACTION_NAMES);
  if (errors.length > 0) throw new Refusal(errors);
  return compileSet(definitions.map((body) => ({ id: body.id, version: 0, body })));
}

/** `/explain`: what the definitions would do at an event, or why nothing. Writes nothing. */
import { isoTime } from '../base/clock.ts';
import { compileCurrentSet } from '../definition/definition-cache.ts';
import { proposedDefinitions } from '../definition/propose.ts';
import type { DefinitionStore } from '../definition/store.ts';
import { type AuthEvent, parseAuthEvent } from '../event/auth-event.ts';
import { dropSecrets } from '../event/boundary.ts';
import { parse, Refusal } from '../schema/validate.ts';
import { dryRun, type Scene } from '../simulate/dry-run.ts';
import { explainEvent } from '../simulate/explain.ts';
import { maskAttributes } from '../simulate/mask-attributes.ts';
import { type HttpOperations, json } from './call.ts';
import { ExplainBody } from './contract.ts';

export function explainOperations(scene: Scene, store: DefinitionStore): HttpOperations {
  return {
    'POST /explain': async (call) => {
      const { event, serial, definitions } = parse(ExplainBody, call.body(), 'bad_body');
      const about = readEvent(event, call.now);
      const current = await compileCurrentSet(store);
      const set = definitions === undefined ? current : await proposedDefinitions([{ input: definitions }], current);
      const explanation = await explainEvent(about, dryRun(scene, set), serial);
      return json(200, definitions === undefined ? explanation : maskAttributes(explanation, current));
    },
  };
}

function readEvent(given: Readonly<Record<string, unknown>>, now: number): AuthEvent {
  const { value } = dropSecrets({ id: 'explained', source: 'http', time: isoTime(now), detail: {}, ...given });
  const parsed = parseAuthEvent(value);
  if (parsed.ok) return parsed.value;
  throw new Refusal(parsed.errors.map((error) => error.under('event')));
}

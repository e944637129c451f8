/**
 * What holds the promises, each switched off by patching one place of one module as it is loaded: production code has
 * no switch. A patch that no longer fits its module is an error, so the table cannot rot.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Flavour } from '../model/flavours.ts';

/** The model's kinds of worlds, and those with hostile senders. */
export type SoakFlavour = Flavour | 'hostile';

export interface Mutation {
  readonly name: string;
  /** What goes wrong without it. */
  readonly without: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The worlds in which it shows. */
  readonly flavours: readonly SoakFlavour[];
}

const ROOT = join(import.meta.dirname, '..', '..');

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'ledger',
    without: 'a step that is delivered twice is done twice',
    file: 'lib/step/update-token.ts',
    find: 'if (record && hasStep(record.ledger, subject.id))',
    replace: 'if (record && false)',
    flavours: ['order', 'pre', 'bulk'],
  },
  {
    name: 'version condition',
    without: 'a write that comes late wipes out another',
    file: 'lib/token/update.ts',
    find: "'#version = :read'",
    replace: "'attribute_exists(#version) OR #version = :read'",
    flavours: ['order'],
  },
  {
    name: 'stamps',
    without: 'an older assignment undoes a younger one',
    file: 'lib/token/apply.ts',
    find: 'return than !== undefined && compareStamps(stamp, than) < 0;',
    replace: 'return false;',
    flavours: ['order'],
  },
  {
    name: 'later increments',
    without: 'an assignment that comes late loses the increments after it',
    file: 'lib/token/apply.ts',
    find: 'const later = laterDeltas(record, path, stamp);',
    replace: 'const later = 0;',
    flavours: ['counted'],
  },
  {
    name: 'low watermark',
    without: 'a step that fell out of the ledger is done again',
    file: 'lib/step/update-token.ts',
    find: 'record && isBelowWatermark(record, time, definition)',
    replace: 'false',
    flavours: ['busy'],
  },
  {
    name: 'tombstone',
    without: 'what was done to a deleted token is decided again',
    file: 'lib/token/item.ts',
    find: 'return { ...bookkeeping, deleted_at',
    replace: 'return { serial: bookkeeping.serial, version: bookkeeping.version, stamps: {}, deleted_at',
    flavours: ['leaving'],
  },
  {
    name: 'sibling rule',
    without: 'a skipped step is decided again on what its later steps have changed',
    file: 'lib/step/update-token.ts',
    find: 'if (record && hasLaterStep(step, record))',
    replace: 'if (record && false)',
    flavours: ['siblings'],
  },
  {
    name: 'announced again',
    without: 'a function killed after its write loses the outcome',
    file: 'lib/step/update-token.ts',
    find: 'return { outcome, verdicts, isRepeated: true };',
    replace: 'return { outcome: null, verdicts, isRepeated: false };',
    flavours: ['order', 'pre', 'bulk'],
  },
  {
    name: 'token as the step left it',
    without: 'steps that are skipped together are decided on the token before the last change',
    file: 'lib/step/update-token.ts',
    find: 'if (written) return { ...result, record: write };',
    replace: 'if (written) return result;',
    flavours: ['ahead'],
  },
  {
    name: 'no look ahead again',
    without: 'a step that is delivered again skips later steps that were done',
    file: 'lib/step/update-token.ts',
    find: 'return { outcome, verdicts, isRepeated: true };',
    replace: 'return { outcome, verdicts, isRepeated: true, record };',
    flavours: ['ahead'],
  },
  {
    name: 'outcome first',
    without: 'a skipped step whose outcome was refused is done with once the next step is',
    file: 'lib/lambda/action-handler.ts',
    find: 'if (next && !outcomes.every(isRemembered))',
    replace: 'if (next && false)',
    flavours: ['unremembered'],
  },
  {
    name: 'outcome first, in a call',
    without: 'a caller that asks again keeps from the bus what was skipped before',
    file: 'lib/lambda/pre-definitions.ts',
    find: 'if (outcome && next && !isRemembered(outcome)) await announce();',
    replace: '',
    flavours: ['pre'],
  },
  {
    name: 'refused entries',
    without: 'what EventBridge refuses of a call is lost',
    file: 'lib/event/publish.ts',
    find: 'if (refused.length === 0 || attempt === ATTEMPTS) return refused;',
    replace: 'return [];',
    flavours: ['order'],
  },
  {
    name: 'tokens of a user',
    without: 'an event about a user means other tokens when it is delivered again',
    file: 'lib/plan/targets.ts',
    find: 'return changes ? firstDelivery(event, found, kind) : found;',
    replace: 'return found;',
    flavours: ['leaving'],
  },
  {
    name: 'turns',
    without: 'a page that comes back twice leads a walk past tokens, or counts them twice',
    file: 'lib/bulk/walk.ts',
    find: 'if (lane.turn === turn && !isFinished(lane)) {',
    replace: 'if (!isFinished(lane)) {',
    flavours: ['bulk'],
  },
  {
    name: 'pages handed out again',
    without: 'a walk that is killed before its page is on the bus stands still',
    file: 'lib/bulk/walk.ts',
    find: 'if (lane.turn === turn && !isFinished(lane)) {',
    replace: 'if (lane.turn !== turn) return;\n  if (!isFinished(lane)) {',
    flavours: ['bulk'],
  },
  {
    name: 'serial of the step',
    without: 'an enrolment that is delivered again makes another token',
    file: 'lib/step/new-serial.ts',
    find: 'if (record && hasStep(record.ledger, id)) return',
    replace: 'if (record && false) return',
    flavours: ['enrolling'],
  },
  {
    name: 'derived secrets',
    without: 'an enrolment that is delivered again announces another key',
    file: 'lib/secret/derive.ts',
    find: 'blocks.push(await mac(JSON.stringify([stepId, purpose',
    replace: 'blocks.push(await mac(JSON.stringify([Math.random(), purpose',
    flavours: ['enrolling'],
  },
  {
    name: 'low watermark of a definition',
    without: 'a flood of one definition has the steps of others refused',
    file: 'lib/token/record.ts',
    find: 'definitionWatermarks[definition] ?? -1',
    replace: '...Object.values(definitionWatermarks)',
    flavours: ['hostile'],
  },
  {
    name: 'time of arrival',
    without: 'a clock that is ahead supersedes what others assign until then',
    file: 'lib/event/arrival.ts',
    find: 'time + REST_OF_SECOND : time), arrived);',
    replace: 'time + REST_OF_SECOND : time), Number.POSITIVE_INFINITY);',
    flavours: ['hostile'],
  },
  {
    name: 'source of an event',
    without: "an id that another sender has used takes the event's place",
    file: 'lib/event/step-id.ts',
    find: 'hashOf([source, caller, id, name,',
    replace: 'hashOf([caller, id, name,',
    flavours: ['hostile'],
  },
  {
    name: 'name of an event',
    without: 'two events of one id and different names count once',
    file: 'lib/event/step-id.ts',
    find: 'hashOf([source, caller, id, name,',
    replace: 'hashOf([source, caller, id,',
    flavours: ['hostile'],
  },
  {
    name: 'user of an event',
    without: 'an id that was used for another user makes the event miss its own',
    file: 'lib/event/step-id.ts',
    find: '...userParts(user), ...sorted',
    replace: '...sorted',
    flavours: ['hostile'],
  },
  {
    name: 'spelling of a user',
    without: 'a user in another spelling is nobody',
    file: 'lib/directory/items.ts',
    find: "login.normalize('NFC')",
    replace: 'login',
    flavours: ['hostile'],
  },
];

export function findMutation(name: string): Mutation {
  const found = MUTATIONS.find((one) => one.name === name);
  if (!found)
    throw new Error(`there is no mutation "${name}"; there are: ${MUTATIONS.map((one) => one.name).join(', ')}`);
  return found;
}

/** The module with the mutation in it. @throws Error where the patch does not fit exactly once */
export function mutate({ name, file, find, replace }: Mutation): string {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`the mutation "${name}" fits ${file} in ${places} places, not in one`);
  return source.replace(find, () => replace);
}

/** From now on this process loads the module so; to be called before anything has loaded it. */
export function switchOff(mutation: Mutation): void {
  const target = pathToFileURL(join(ROOT, mutation.file)).href;
  const source = mutate(mutation);
  registerHooks({
    load: (url, context, nextLoad) =>
      url === target ? { ...nextLoad(url, context), source, shortCircuit: true } : nextLoad(url, context),
  });
}

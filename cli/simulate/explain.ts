/** `definitions explain`: shows what the definitions would do on an event, and why they would not act. */
import { join } from 'node:path';
import { documentClient } from '../../lib/aws/clients.ts';
import { isoTime, processClock } from '../../lib/base/clock.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isObject, isRecord } from '../../lib/base/object.ts';
import type { DefinitionSet } from '../../lib/definition/definition-cache.ts';
import { proposedDefinitions } from '../../lib/definition/propose.ts';
import { type AuthEvent, parseAuthEvent } from '../../lib/event/auth-event.ts';
import { dropSecrets } from '../../lib/event/boundary.ts';
import { KEPT_DAYS, type KeptOutcome, outcomeStore } from '../../lib/event/outcome-store.ts';
import { dryRun, type Scene } from '../../lib/simulate/dry-run.ts';
import { explainEvent } from '../../lib/simulate/explain.ts';
import type { Explanation } from '../../lib/simulate/explanation.ts';
import { UsageError } from '../command.ts';
import { readDefinitionFiles } from '../definitions/read-files.ts';
import { readDocument } from '../input/read-file.ts';
import { openRecording } from '../input/recorded-events.ts';
import { colours, describeOutcome } from '../output/display.ts';
import { FileRefusal, inFile } from '../output/errors.ts';
import type { Tables } from '../stack/environment.ts';
import { FOLDER_NOTE, readNote } from '../stack/running-note.ts';
import { explanationTree } from './explain-tree.ts';
import { openScene, type SceneChoice } from './scene.ts';

const AS_OF_NOW =
  'What a condition saw then is not recorded: the following is evaluated with the present tokens, users and definitions.';

/** How many outcomes are read at once. */
const PAGE = 100;

interface ExplainChoice extends SceneChoice {
  readonly serial?: string | undefined;
  readonly event?: string | undefined;
  readonly json?: true | undefined;
}

/**
 * Prints an explanation.
 *
 * @param files `EVENT`, or `FILE EVENT` for definitions that are not applied; if empty, the event with the id `event` is read
 *   from the recording of the local stack
 */
export async function explain(files: readonly string[], options: ExplainChoice): Promise<void> {
  const [first, second] = files;
  if (files.length > 2 || (first === undefined && options.event === undefined)) {
    throw new UsageError('takes an event, a file of definitions and an event, or --event');
  }
  const event = await readEvent(second ?? first ?? (await recordingHere()), options.event);
  const { scene, current, tables } = await openScene(options);
  const present = await current();
  const set = first === undefined || second === undefined ? present : await readSet(first, present);
  for (const note of await unknownOf(event, scene)) process.stderr.write(`note: ${note}\n`);
  const explanation = await explainEvent(event, dryRun(scene, set), options.serial);
  const then = tables ? await outcomesThen(event, explanation, tables, options.serial) : [];
  if (options.json) {
    const told = then.length > 0 ? { ...explanation, outcomes: then } : explanation;
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  const paint = colours(process.stdout);
  if (then.length > 0) {
    const lines = then.map((one) => describeOutcome({ ...one, response: null }, paint));
    process.stdout.write(`What was done then:\n${lines.join('\n')}\nWhat would be done now:\n`);
    process.stdout.write(`${paint('dim', AS_OF_NOW)}\n`);
  } else if (tables && options.event !== undefined) {
    process.stderr.write(`note: it has no outcome in the last ${KEPT_DAYS} days: no definition has acted\n`);
  }
  process.stdout.write(`${explanationTree(explanation, paint).join('\n')}\n`);
}

/** Returns the file in which the local stack records its events. @throws TokenwrightError `no_stack` */
async function recordingHere(): Promise<string> {
  const note = await readNote(FOLDER_NOTE).catch(() => undefined);
  if (note?.data !== undefined) return join(note.data, 'events.jsonl');
  throw new TokenwrightError('no_stack', 'no stack that records its events runs here', {
    allowed: 'start one with "npx tokenwright dev --data FOLDER", or name a recording',
  });
}

/** Reads the stored outcomes of an event, for its tokens and those of the explained steps. */
async function outcomesThen(
  { id, name, serials }: AuthEvent,
  { definitions }: Explanation,
  { outcomes: table }: Tables,
  only: string | undefined,
): Promise<KeptOutcome[]> {
  const store = outcomeStore(documentClient(), table);
  const steps = definitions.flatMap(({ steps }) => steps.flatMap(({ serial }) => serial ?? []));
  const found: KeptOutcome[] = [];
  for (const serial of new Set(only === undefined ? [...serials, ...steps] : [only])) {
    let after: string | undefined;
    do {
      const page = await store.page(serial, PAGE, processClock().now(), after);
      found.push(...page.outcomes.filter(({ event }) => event.id === id && event.name === name));
      after = page.next;
    } while (after !== undefined);
  }
  return found;
}

/** Describes the tokens and the user of an event that the stack does not have. */
async function unknownOf({ serials, user }: AuthEvent, { tokens, directory }: Scene): Promise<string[]> {
  const read = await Promise.all(serials.map(async (serial) => ({ serial, record: await tokens.read(serial) })));
  const gone = read.filter(({ record }) => record === undefined || record.deletedAt !== null);
  const isUnknown = user !== null && (await directory.findUser(user)) === null;
  return [
    ...gone.map(({ serial, record }) => (record ? `the token ${serial} was deleted` : `there is no token ${serial}`)),
    ...(isUnknown ? [`the directory has no user ${JSON.stringify(user)}`] : []),
  ];
}

/** Reads one auth event; fields that a bus fills in may be absent. @param id of one event of a recording */
async function readEvent(file: string, id: string | undefined): Promise<AuthEvent> {
  const events = await eventsOf(file, id);
  const { value: given } = dropSecrets(events[0]);
  if (events.length !== 1 || !isRecord(given)) {
    throw new FileRefusal(file, [notOne(events.length, id)]);
  }
  const filled = { id: 'explained', source: 'tokenwright-cli', time: isoTime(processClock().now()), detail: {} };
  const parsed = parseAuthEvent({ ...filled, ...given });
  if (!parsed.ok) throw new FileRefusal(file, parsed.errors);
  return parsed.value;
}

/** Reads the events of a file or of a recording; with an id, the last event that has it. */
async function eventsOf(file: string, id: string | undefined): Promise<readonly unknown[]> {
  if (id === undefined && !file.endsWith('.jsonl')) return [await readDocument(file, 'event')].flat();
  const found: unknown[] = [];
  for await (const event of (await openRecording(file)).events()) {
    if (id === undefined || idOf(event) === id) found.push(event);
  }
  return id === undefined ? found : found.slice(-1);
}

function idOf(event: unknown): unknown {
  if (!isObject(event)) return undefined;
  return (isObject(event.detail) ? event.detail.id : undefined) ?? event.id;
}

function notOne(found: number, id: string | undefined): TokenwrightError {
  if (id !== undefined)
    return new TokenwrightError('bad_event', `there is no event with the id "${id}"`, { given: id });
  if (found < 2) return new TokenwrightError('bad_event', 'must be one auth event', { path: '' });
  return new TokenwrightError('bad_event', `contains ${found} events: choose one with --event ID`, { path: '' });
}

/** Reads definitions that are not applied, and checks them as if they were to be saved. */
export async function readSet(file: string, current: DefinitionSet): Promise<DefinitionSet> {
  return inFile(file, async () => proposedDefinitions(await readDefinitionFiles(file), current));
}

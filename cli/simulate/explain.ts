/** `definitions explain`: shows what the definitions would do on an event, and why they would not act. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isoTime, processClock } from '../../lib/base/clock.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isObject, isRecord } from '../../lib/base/object.ts';
import type { DefinitionSet } from '../../lib/definition/definition-cache.ts';
import { proposedDefinitions } from '../../lib/definition/propose.ts';
import { type AuthEvent, parseAuthEvent } from '../../lib/event/auth-event.ts';
import { dropSecrets } from '../../lib/event/boundary.ts';
import { dryRun, type Scene } from '../../lib/simulate/dry-run.ts';
import { explainEvent } from '../../lib/simulate/explain.ts';
import { UsageError } from '../command.ts';
import { readDefinitionFiles } from '../definitions/read-files.ts';
import { readDocument } from '../input/read-file.ts';
import { openRecording } from '../input/recorded-events.ts';
import { colours, describeOutcome } from '../output/display.ts';
import { FileRefusal, inFile } from '../output/errors.ts';
import { printFolded } from '../output/fold.ts';
import { FOLDER_NOTE, readNote } from '../stack/running-note.ts';
import { explanationTree } from './explain-tree.ts';
import { openScene, type SceneChoice } from './scene.ts';
import { outcomesThen, savedSince, withoutOutcome } from './then.ts';

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
  for (const one of await unknownOf(event, scene)) note(one);
  const explanation = await explainEvent(event, dryRun(scene, set), options.serial);
  const then = tables && (await outcomesThen(event, explanation, tables, options.serial));
  const outcomes = then?.outcomes ?? [];
  if (options.json) {
    const told = outcomes.length > 0 ? { ...explanation, outcomes } : explanation;
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  const paint = colours(process.stdout);
  const print = (text: string): void => printFolded(process.stdout, text);
  if (outcomes.length > 0) {
    print(`What was done then to ${then?.serials.join(', ')}:`);
    for (const one of outcomes) print(describeOutcome({ ...one, response: null }, paint));
    print('What would be done now:');
  }
  if (tables && options.event !== undefined) {
    if (outcomes.length === 0) note(withoutOutcome(event, then?.serials ?? []));
    note('what a condition saw then is not recorded: each is evaluated with the present tokens and users');
    if (second === undefined) for (const one of await savedSince(event, explanation, tables)) note(one);
  }
  print(explanationTree(explanation, paint).join('\n'));
}

function note(text: string): void {
  printFolded(process.stderr, `note: ${text}`);
}

/** Returns the file in which the local stack records its events. @throws TokenwrightError `no_stack` */
async function recordingHere(): Promise<string> {
  const running = await readNote(FOLDER_NOTE).catch(() => undefined);
  if (running?.data !== undefined) {
    const file = join(running.data, 'events.jsonl');
    if (existsSync(file)) return file;
    throw new TokenwrightError('bad_event', 'no event is recorded yet', { allowed: 'put one with "events put"' });
  }
  throw new TokenwrightError('no_stack', 'no stack that records its events runs here', {
    allowed: 'start one with "npx tokenwright dev --data FOLDER", or name a recording',
  });
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
  if (id !== undefined && events.length === 0) {
    throw new TokenwrightError('bad_event', `there is no event with the id "${id}" in ${file}`, {
      given: id,
      allowed: 'an id that "tokens outcomes", "outcomes tail" or the recording shows',
    });
  }
  if (events.length !== 1 || !isRecord(given)) {
    throw new FileRefusal(file, [notOne(events.length)]);
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
    if (id === undefined || idsOf(event).includes(id)) found.push(event);
  }
  return id === undefined ? found : found.slice(-1);
}

/** Returns the id of the sender, by which outcomes know an event, and the one of the bus. */
function idsOf(event: unknown): unknown[] {
  if (!isObject(event)) return [];
  return [isObject(event.detail) ? event.detail.id : undefined, event.id];
}

function notOne(found: number): TokenwrightError {
  if (found < 2) return new TokenwrightError('bad_event', 'must be one auth event', { path: '' });
  return new TokenwrightError('bad_event', `contains ${found} events: choose one with --event ID`, { path: '' });
}

/** Reads definitions that are not applied, and checks them as if they were to be saved. */
export async function readSet(file: string, current: DefinitionSet): Promise<DefinitionSet> {
  return inFile(file, async () => proposedDefinitions(await readDefinitionFiles(file), current));
}

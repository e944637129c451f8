/** `definitions explain`: what the definitions would do at an event, and why not. */
import { isoTime, processClock } from '../lib/base/clock.ts';
import { TokenwrightError } from '../lib/base/error.ts';
import { isObject } from '../lib/base/object.ts';
import type { DefinitionSet } from '../lib/definition/definition-set.ts';
import { proposedDefinitions } from '../lib/definition/proposal.ts';
import { type AuthEvent, parseAuthEvent } from '../lib/event/auth-event.ts';
import { dropSecrets } from '../lib/event/secrets.ts';
import { dryRun, type Scene } from '../lib/simulate/dry-run.ts';
import { explainEvent } from '../lib/simulate/explain.ts';
import { UsageError } from './command.ts';
import { readDefinitionFiles } from './definitions/read-files.ts';
import { colours } from './display.ts';
import { FileRefusal, inFile } from './errors.ts';
import { explanationTree } from './explain-tree.ts';
import { readDocument } from './read-file.ts';
import { openRecording } from './recorded-events.ts';
import { openScene, type SceneChoice } from './scene.ts';

interface Choice extends SceneChoice {
  readonly serial?: string | undefined;
  readonly event?: string | undefined;
  readonly json?: true | undefined;
}

/** @param files `EVENT`, or `FILE EVENT` for definitions that are not applied */
export async function explain(files: readonly string[], options: Choice): Promise<void> {
  const [first = '', second] = files;
  if (files.length > 2) throw new UsageError('takes an event, or a file of definitions and an event');
  const event = await readEvent(second ?? first, options.event);
  const { scene, current } = await openScene(options);
  const present = await current();
  const set = second === undefined ? present : await readSet(first, present);
  for (const note of await unknownOf(event, scene)) process.stderr.write(`note: ${note}\n`);
  const explanation = await explainEvent(event, dryRun(scene, set), options.serial);
  if (options.json) process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
  else process.stdout.write(`${explanationTree(explanation, colours(process.stdout)).join('\n')}\n`);
}

/** What the event names and the stack does not know. */
async function unknownOf({ serials, user }: AuthEvent, { tokens, directory }: Scene): Promise<string[]> {
  const read = await Promise.all(serials.map(async (serial) => ({ serial, record: await tokens.read(serial) })));
  const gone = read.filter(({ record }) => record === undefined || record.deletedAt !== null);
  const isUnknown = user !== null && (await directory.findUser(user)) === null;
  return [
    ...gone.map(({ serial, record }) => (record ? `the token ${serial} was deleted` : `there is no token ${serial}`)),
    ...(isUnknown ? [`the directory has no user ${JSON.stringify(user)}`] : []),
  ];
}

/** One auth event; what a bus fills in may be absent. @param id which one of a recording */
async function readEvent(file: string, id: string | undefined): Promise<AuthEvent> {
  const events = await eventsOf(file, id);
  const { value: given } = dropSecrets(events[0]);
  if (events.length !== 1 || given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new FileRefusal(file, [notOne(events.length, id)]);
  }
  const filled = { id: 'explained', source: 'tokenwright-cli', time: isoTime(processClock().now()), detail: {} };
  const parsed = parseAuthEvent({ ...filled, ...given });
  if (!parsed.ok) throw new FileRefusal(file, parsed.errors);
  return parsed.value;
}

/** Those of a file, or of a recording of JSON lines; with an id the last one that has it. */
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
  return new TokenwrightError('bad_event', `holds ${found} events: say which one with --event ID`, { path: '' });
}

/** Definitions that are not applied, checked as if they were to be saved; "current": those that are. */
export async function readSet(file: string, current: DefinitionSet): Promise<DefinitionSet> {
  return inFile(file, async () => proposedDefinitions(await readDefinitionFiles(file), current));
}

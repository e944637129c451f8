/** `definitions explain`: what the definitions would do at an event, and why not. */
import { isoTime, processClock } from '../lib/base/clock.ts';
import { TokenwrightError } from '../lib/base/error.ts';
import type { DefinitionSet } from '../lib/definition/definition-set.ts';
import { proposedDefinitions } from '../lib/definition/proposal.ts';
import { type AuthEvent, parseAuthEvent } from '../lib/event/auth-event.ts';
import { dropSecrets } from '../lib/event/secrets.ts';
import { dryRun } from '../lib/simulate/dry-run.ts';
import { explainEvent } from '../lib/simulate/explain.ts';
import { UsageError } from './command.ts';
import { readDefinitionFiles } from './definitions/read-files.ts';
import { colours } from './display.ts';
import { FileRefusal, inFile } from './errors.ts';
import { explanationTree } from './explain-tree.ts';
import { readDocument } from './read-file.ts';
import { openScene, type SceneChoice } from './scene.ts';

interface Choice extends SceneChoice {
  readonly serial?: string | undefined;
  readonly json?: true | undefined;
}

/** @param files `EVENT`, or `FILE EVENT` for definitions that are not applied */
export async function explain(files: readonly string[], options: Choice): Promise<void> {
  const [first = '', second] = files;
  if (files.length > 2) throw new UsageError('takes an event, or a file of definitions and an event');
  const event = await readEvent(second ?? first);
  const { scene, current } = await openScene(options);
  const present = await current();
  const set = second === undefined ? present : await readSet(first, present);
  const explanation = await explainEvent(event, dryRun(scene, set), options.serial);
  if (options.json) process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
  else process.stdout.write(`${explanationTree(explanation, colours(process.stdout)).join('\n')}\n`);
}

/** One auth event; what a bus fills in may be absent. */
async function readEvent(file: string): Promise<AuthEvent> {
  const { value } = dropSecrets(await readDocument(file, 'event'));
  const given: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new FileRefusal(file, [new TokenwrightError('bad_event', 'must be one auth event', { path: '' })]);
  }
  const filled = { id: 'explained', source: 'tokenwright-cli', time: isoTime(processClock().now()), detail: {} };
  const parsed = parseAuthEvent({ ...filled, ...given });
  if (!parsed.ok) throw new FileRefusal(file, parsed.errors);
  return parsed.value;
}

/** Definitions that are not applied, checked as if they were to be saved; "current": those that are. */
export async function readSet(file: string, current: DefinitionSet): Promise<DefinitionSet> {
  return inFile(file, async () => proposedDefinitions(await readDefinitionFiles(file), current));
}

/** `definitions explain`: what the definitions would do at an event, and why not. */
import { actions, findAction } from '../lib/action/catalogue.ts';
import { isoTime, processClock } from '../lib/clock.ts';
import { checkDefinitions } from '../lib/definition/check.ts';
import type { CompiledSet } from '../lib/definition/compiled-set.ts';
import { TokenwrightError } from '../lib/error.ts';
import { type AuthEvent, parseAuthEvent } from '../lib/event/auth-event.ts';
import { dropSecrets } from '../lib/event/secrets.ts';
import { explainEvent } from '../lib/explain/explain.ts';
import { rehearse } from '../lib/plan/rehearsal.ts';
import { type Arguments, noMoreThan, textOption, UsageError } from './command.ts';
import { colours } from './display.ts';
import { FileRefusal } from './errors.ts';
import { explanationTree } from './explain-tree.ts';
import { readDocument } from './read-file.ts';
import { openScene, unapplied } from './scene.ts';

/** @param args `EVENT`, or `FILE EVENT` for definitions that are not applied */
export async function explain(args: Arguments): Promise<number> {
  const [first, second] = args.positionals;
  noMoreThan(2, args);
  if (first === undefined) throw new UsageError('"explain" takes an EVENT, or a FILE of definitions and an EVENT');
  const event = await readEvent(second ?? first);
  const proposed = second === undefined ? undefined : await readProposed(first);
  const { scene, current } = await openScene(args);
  const explanation = await explainEvent(
    event,
    rehearse(scene, proposed ?? (await current())),
    textOption(args.values.serial),
  );
  if (args.values.json) process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
  else process.stdout.write(`${explanationTree(explanation, colours(process.stdout)).join('\n')}\n`);
  return 0;
}

/** One auth event; what a bus fills in may be absent. */
async function readEvent(file: string): Promise<AuthEvent> {
  const { value } = dropSecrets(await readDocument(file));
  const given: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new FileRefusal(file, [new TokenwrightError('bad_event', 'must be one auth event', { path: '' })]);
  }
  const filled = { id: 'explained', source: 'tokenwright-cli', time: isoTime(processClock().now()), detail: {} };
  const parsed = parseAuthEvent({ ...filled, ...given });
  if (!parsed.ok) throw new FileRefusal(file, parsed.errors);
  return parsed.value;
}

/** Definitions that are not applied, checked as if they were to be saved. */
export async function readProposed(file: string): Promise<CompiledSet> {
  const names = actions.map(({ name }) => name);
  const { definitions, errors } = await checkDefinitions(await readDocument(file), findAction, names);
  if (errors.length > 0) throw new FileRefusal(file, errors);
  return unapplied(definitions);
}

/**
 * Replays recorded events under two sets of definitions, the current one and a proposed one, and compares what comes of
 * them. Each set runs by the functions that act, on tokens whose changes stay in memory. Nothing is written.
 */
import { isoTime } from '../base/clock.ts';
import type { DefinitionSet } from '../definition/definition-cache.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { DEFAULT_LEDGER_LIMITS, type LedgerLimits } from '../token/ledger.ts';
import { dryRun, type Scene } from './dry-run.ts';
import { differences, type TokenDifference } from './replay-difference.ts';
import { Side } from './replay-side.ts';
import { type StepCounts, totals } from './replay-tally.ts';
import { cachedDirectory, tokensWithoutLedger } from './replay-view.ts';

type Totals = ReturnType<typeof totals>;

export interface Replayed {
  /** How many events were replayed. */
  readonly events: number;
  /** When the first and the last of them occurred. */
  readonly period: readonly [from: string, to: string] | null;
  readonly steps: { readonly current: Totals; readonly proposed: Totals };
  /** How many bulk runs the events start. They are not walked. */
  readonly bulk_runs: { readonly current: number; readonly proposed: number };
  /** `null`: the set does not have the definition, or it had no step. */
  readonly definitions: readonly {
    readonly id: number;
    readonly name: string;
    readonly current: Omit<StepCounts, 'id' | 'name'> | null;
    readonly proposed: Omit<StepCounts, 'id' | 'name'> | null;
  }[];
  readonly tokens: { readonly changed: number; readonly different: readonly TokenDifference[] };
}

/** Events come in order, so a ledger only has to keep what a recording may contain twice. */
const LIMITS: LedgerLimits = { ...DEFAULT_LEDGER_LIMITS, maxAge: 3_600_000 };

/** How many events are read ahead, to read their tokens at once. */
const LOOK_AHEAD = 64;

/**
 * Replays events.
 *
 * @param events in the order of their times: a step's clock is its event's time
 * @param onProgress called with the number of events that are done
 */
export async function replayEvents(
  events: AsyncIterable<AuthEvent>,
  scene: Omit<Scene, 'now' | 'firstDelivery'>,
  sets: { readonly current: DefinitionSet; readonly proposed: DefinitionSet },
  onProgress: (done: number) => void,
): Promise<Replayed> {
  let now = 0;
  let count = 0;
  let first: number | undefined;
  const tokens = tokensWithoutLedger(scene.tokens);
  const directory = cachedDirectory(scene.directory);
  const firstDelivery: Scene['firstDelivery'] = async (_event, found) => found;
  const start: Scene = { ...scene, tokens, directory, firstDelivery, now: () => now, limits: LIMITS };
  const [current, proposed] = [new Side(dryRun(start, sets.current)), new Side(dryRun(start, sets.proposed))];
  for await (const batch of inBatches(events)) {
    await Promise.all(batch.flatMap(({ serials }) => serials).map((serial) => tokens.read(serial)));
    for (const event of batch) {
      now = Math.max(now, event.occurredAt);
      first ??= event.occurredAt;
      await current.handle(event);
      await proposed.handle(event);
      count += 1;
    }
    onProgress(count);
  }
  const period = first === undefined ? null : ([isoTime(first), isoTime(now)] as const);
  return { events: count, period, ...(await compared(current, proposed)) };
}

async function* inBatches(events: AsyncIterable<AuthEvent>): AsyncGenerator<readonly AuthEvent[]> {
  let batch: AuthEvent[] = [];
  for await (const event of events) {
    batch.push(event);
    if (batch.length < LOOK_AHEAD) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

async function compared(current: Side, proposed: Side): Promise<Omit<Replayed, 'events' | 'period'>> {
  const [ofCurrent, ofProposed] = [current.tally.all, proposed.tally.all];
  const ids = [...new Set([...ofCurrent, ...ofProposed].map(({ id }) => id))].sort((a, b) => a - b);
  const definitions = ids.map((id) => {
    const [one, other] = [ofCurrent, ofProposed].map((all) => all.find((counts) => counts.id === id));
    return { id, name: other?.name ?? one?.name ?? '', current: countsOf(one), proposed: countsOf(other) };
  });
  const changed = new Set([...current.runtime.tokens.written.keys(), ...proposed.runtime.tokens.written.keys()]);
  return {
    steps: { current: totals(ofCurrent), proposed: totals(ofProposed) },
    bulk_runs: { current: current.runs, proposed: proposed.runs },
    definitions,
    tokens: { changed: changed.size, different: await differences(current, proposed) },
  };
}

function countsOf(counts: StepCounts | undefined): Omit<StepCounts, 'id' | 'name'> | null {
  if (!counts) return null;
  const { done, skipped, failed } = counts;
  return { done, skipped, failed };
}

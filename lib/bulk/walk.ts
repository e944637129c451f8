/**
 * Walks through the tokens of a bulk run: starts the run once, and gives each lane its next page when the one before is
 * finished.
 *
 * Every function here may be called twice, or stop in the middle. A page is stored before it is put on the bus, and
 * noted afterwards. So a page that may not have been put is put again with the same serials, and a repeated turn does
 * not put another page. A step that a page repeats is found in the token's ledger.
 */
import type { LiveVersions } from '../definition/set-store.ts';
import type { DefinitionStore } from '../definition/store.ts';
import {
  type BulkRun,
  type BulkTurn,
  NO_COUNTS,
  pageEntry,
  subjectOfRun,
  summaryEntry,
  summaryOf,
  turnEntry,
} from '../event/bulk.ts';
import { type Outcome, skipped } from '../event/outcome.ts';
import type { BusEntry, Publish } from '../event/publish.ts';
import type { ListTokens } from '../token/listing.ts';
import { addCounts, advance, isFinished, type Lane, type NextPage, newLane, nextShard } from './lane.ts';
import { type BulkStore, finishedLanes, type RunItem } from './store.ts';

export interface Walk {
  readonly store: BulkStore;
  readonly list: ListTokens;
  readonly publish: Publish;
  /** The buses for steps and pages, and for outcomes. */
  readonly buses: { readonly steps: string; readonly results: string };
  /** Whether the run's definition is still applied, in the version that it began with. */
  isApplied(run: BulkRun): Promise<boolean>;
  readonly lanes: number;
  readonly pageSize: number;
}

/**
 * Starts a run, or continues it where it stopped. A repeated start of a run that is under way does nothing.
 *
 * @returns the outcome of a run that may not start
 * @throws transient errors
 */
export async function startRun(run: BulkRun, walk: Walk): Promise<Outcome | null> {
  const { store } = walk;
  const known = await store.readRun(run.id);
  // Checks this before the lease, so that a finished run never blocks another, even while it is announced again.
  if (known?.state === 'finished') return announceAgain(run, known, walk);
  if (known?.state === 'refused') return refuseAgain(run, known, walk);
  const lease = await store.takeLease(run.definition.id, run.id);
  if (lease.run !== run.id) {
    if (known) throw overtaken(lease.run);
    // A refused run is stored, so that its redelivery is refused too.
    await createOnce(run, { state: 'refused', lanes: 0, started: false, by: lease.run }, walk);
    return refusal(run, lease.run);
  }
  const item: RunItem = known ?? { state: 'running', lanes: walk.lanes, started: false };
  if (!known) await createOnce(run, item, walk);
  if (item.started && !lease.fresh) return null;
  const turns = await openTurns(run, item.lanes, walk);
  if (turns.length === 0) await finishRun(run, item, walk);
  await walk.publish(turns);
  if (!item.started) await store.noteRun(run.id, { started: true });
  return null;
}

/**
 * @throws Error if another delivery of the event has begun or refused the run at the same moment: this one is retried
 */
async function createOnce({ id }: BulkRun, item: RunItem, { store }: Walk): Promise<void> {
  if (!(await store.createRun(id, item)))
    throw new Error('another delivery of the event has begun or refused the run meanwhile');
}

/** Builds the entries that start or continue every lane. */
async function openTurns(run: BulkRun, lanes: number, { store, buses }: Walk): Promise<BusEntry[]> {
  const entries: BusEntry[] = [];
  for (let number = 0; number < lanes; number += 1) {
    const lane = await store.readLane(run.id, number);
    const first: BulkTurn = { run, lane: number, turn: 0, counts: NO_COUNTS, rest: [] };
    if (!lane) entries.push(turnEntry(buses.steps, first));
    else if (!isFinished(lane)) entries.push(pageEntry(buses.steps, pageOf(run, number, lane)));
  }
  return entries;
}

/** Makes the error of a run that has to wait: its delivery is retried, and becomes a dead letter at last. */
function overtaken(by: string): Error {
  return new Error(`the run ${by} holds the definition's lease: this run has to wait`);
}

/** Makes the outcome of a run that may not start, because another one of the definition is under way. */
function refusal(run: BulkRun, by: string): Outcome {
  const message = 'another run of this definition is under way';
  return skipped(subjectOfRun(run), { code: 'bulk_running', message, run: by });
}

/** Takes a lane from a finished page to its next one. @throws transient errors */
export async function nextTurn({ run, lane: number, turn, counts, rest }: BulkTurn, walk: Walk): Promise<void> {
  const { store, buses } = walk;
  const known = await store.readRun(run.id);
  if (known?.state === 'finished') await store.releaseLease(run.definition.id, run.id);
  if (known?.state !== 'running') return;
  let lane = (await store.readLane(run.id, number)) ?? newLane(number);
  if (lane.turn === turn && !isFinished(lane)) {
    const holder = await store.renewLease(run.definition.id, run.id);
    if (holder !== run.id) throw overtaken(holder);
    const isOver = lane.shard === null && rest.length === 0;
    const isWanted = isOver || (await walk.isApplied(run));
    const next = isWanted ? await nextPage(run, lane, rest, known.lanes, walk) : null;
    const advanced = advance(lane, counts, next);
    lane = (await store.advanceLane(run.id, number, advanced))
      ? advanced
      : ((await store.readLane(run.id, number)) ?? lane);
  }
  if (lane.turn !== turn + 1 || lane.handed === lane.turn) return;
  if (isFinished(lane)) await finishRun(run, known, walk);
  else await walk.publish([pageEntry(buses.steps, pageOf(run, number, lane))]);
  await store.noteHanded(run.id, number, lane.turn);
}

function pageOf(run: BulkRun, lane: number, { turn, serials }: Lane) {
  return { action: run.slip.action, run, lane, turn, serials };
}

/** Reads the next serials of a lane; none after the last shard. */
async function nextPage(
  { target }: BulkRun,
  { shard, after }: Lane,
  rest: readonly string[],
  lanes: number,
  { list, pageSize }: Walk,
): Promise<NextPage> {
  if (rest.length > 0) return { shard, after, serials: [...rest] };
  let at: Pick<Lane, 'shard' | 'after'> = { shard, after };
  while (at.shard !== null) {
    const { serials, more } = await list(target, at.shard, at.after, pageSize);
    const last = serials.at(-1);
    at = more && last !== undefined ? { ...at, after: last } : { shard: nextShard(at.shard, lanes), after: '' };
    if (serials.length > 0) return { ...at, serials: [...serials] };
  }
  return { ...at, serials: [] };
}

/** Announces the summary and releases the lease, once every lane is finished. */
async function finishRun(run: BulkRun, known: RunItem, walk: Walk): Promise<void> {
  const { store } = walk;
  if (!(await announceSummary(run, known, walk))) return;
  await store.noteRun(run.id, { state: 'finished' });
  await store.releaseLease(run.definition.id, run.id);
}

/** Announces a stored refusal. Releases the lease too: a delivery may have taken it before the refusal was stored. */
async function refuseAgain(run: BulkRun, { by = '' }: RunItem, { store }: Walk): Promise<Outcome> {
  await store.releaseLease(run.definition.id, run.id);
  return refusal(run, by);
}

/** Announces the summary of a finished run once more. */
async function announceAgain(run: BulkRun, known: RunItem, walk: Walk): Promise<null> {
  await announceSummary(run, known, walk);
  await walk.store.releaseLease(run.definition.id, run.id);
  return null;
}

/** Puts the summary on the results bus. @returns false while a lane is under way */
async function announceSummary(run: BulkRun, { lanes }: RunItem, { store, publish, buses }: Walk): Promise<boolean> {
  const finished = await finishedLanes(store, run.id, lanes);
  if (finished === null) return false;
  const counts = finished.reduce((sum, lane) => addCounts(sum, lane.counts), NO_COUNTS);
  const stopped = finished.some((lane) => lane.stopped);
  await publish([summaryEntry(buses.results, summaryOf(run, counts, stopped))]);
  return true;
}

/**
 * Makes `Walk.isApplied`. A definition that was changed, made inactive or removed stops its runs at the next turn.
 * Each call reads which set is current; the versions of a set are cached.
 */
export function definitionsApplied(store: Pick<DefinitionStore, 'currentSetNumber' | 'readSet'>): Walk['isApplied'] {
  let set: number | undefined;
  let versions: LiveVersions = new Map();
  return async ({ slip }) => {
    const current = await store.currentSetNumber();
    if (current !== set) [versions, set] = [await store.readSet(current), current];
    return slip.steps.every(({ definition, version }) => versions.get(definition) === version);
  };
}

/**
 * A lane of a bulk run: its position in the shards, and the page that is under way. With L lanes, lane n walks through the
 * shards n, n + L, n + 2L, ... The functions are pure.
 */
import * as z from 'zod/mini';
import { BulkCounts, NO_COUNTS } from '../event/bulk.ts';
import { SHARDS } from '../token/state.ts';

const integer = z.int();

export const Lane = z.object({
  /** The number of the page that is under way; 0: none yet. */
  turn: integer,
  /** The last turn whose page was put on the bus. */
  handed: integer,
  /** The shard of the next page; `null`: the last shard is done. */
  shard: z.nullable(integer),
  /** The serial after which the next page begins. */
  after: z.string(),
  /** The page that is under way, so that it can be put on the bus again unchanged. */
  serials: z.array(z.string()),
  /** The counts of the pages that are finished. */
  counts: BulkCounts,
  /** Whether the walk was stopped before its end. */
  stopped: z.boolean(),
});
export type Lane = z.output<typeof Lane>;

/** Makes a lane before its first turn. */
export function newLane(number: number): Lane {
  return { turn: 0, handed: 0, shard: number, after: '', serials: [], counts: NO_COUNTS, stopped: false };
}

/** Tells whether no page is left and none is under way. */
export function isFinished({ shard, serials, turn }: Lane): boolean {
  return turn > 0 && shard === null && serials.length === 0;
}

/** The next page of a lane. */
export type NextPage = Pick<Lane, 'shard' | 'after' | 'serials'>;

/** Returns the lane after its page is finished. @param next `null`: the walk stops here */
export function advance(lane: Lane, counts: BulkCounts, next: NextPage | null): Lane {
  const sum = addCounts(lane.counts, counts);
  if (next === null) return { ...lane, turn: lane.turn + 1, shard: null, serials: [], counts: sum, stopped: true };
  return { ...lane, ...next, turn: lane.turn + 1, counts: sum };
}

/** Adds the counts of two pages or lanes. */
export function addCounts(a: BulkCounts, b: BulkCounts): BulkCounts {
  return {
    found: a.found + b.found,
    done: a.done + b.done,
    skipped: a.skipped + b.skipped,
    failed: a.failed + b.failed,
    deferred: a.deferred + b.deferred,
  };
}

/** Returns the next shard of the lane; `null` if there is none. */
export function nextShard(shard: number, lanes: number): number | null {
  return shard + lanes < SHARDS ? shard + lanes : null;
}

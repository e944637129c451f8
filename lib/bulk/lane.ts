/**
 * A lane of a bulk run: where its walk through the shards has come to, and the page that is out. Pure; with `lanes`
 * lanes, lane n walks the shards n, n + lanes, n + 2 lanes, ...
 */
import * as z from 'zod/mini';
import { BulkCounts, NO_COUNTS } from '../event/bulk.ts';
import { SHARDS } from '../token/state.ts';

const integer = z.int();

export const Lane = z.object({
  /** Of the page that is out; 0: none yet. */
  turn: integer,
  /** The last turn whose page is known to be on the bus. */
  handed: integer,
  /** Where the next page begins; `null`: behind the last shard. */
  shard: z.nullable(integer),
  after: z.string(),
  /** The page that is out: kept, so that it can be handed out again as it was. */
  serials: z.array(z.string()),
  /** Of the pages that came back. */
  counts: BulkCounts,
  /** Whether the walk was broken off. */
  stopped: z.boolean(),
});
export type Lane = z.output<typeof Lane>;

/** A lane before its first turn. */
export function newLane(number: number): Lane {
  return { turn: 0, handed: 0, shard: number, after: '', serials: [], counts: NO_COUNTS, stopped: false };
}

/** Whether there is nothing more to hand out, and nothing out. */
export function isFinished({ shard, serials, turn }: Lane): boolean {
  return turn > 0 && shard === null && serials.length === 0;
}

/** What a lane hands out next. */
export type NextPage = Pick<Lane, 'shard' | 'after' | 'serials'>;

/** The lane when its page has come back. @param next `null`: the walk ends here */
export function advance(lane: Lane, counts: BulkCounts, next: NextPage | null): Lane {
  const sum = addCounts(lane.counts, counts);
  if (next === null) return { ...lane, turn: lane.turn + 1, shard: null, serials: [], counts: sum, stopped: true };
  return { ...lane, ...next, turn: lane.turn + 1, counts: sum };
}

export function addCounts(a: BulkCounts, b: BulkCounts): BulkCounts {
  return {
    found: a.found + b.found,
    done: a.done + b.done,
    skipped: a.skipped + b.skipped,
    failed: a.failed + b.failed,
    deferred: a.deferred + b.deferred,
  };
}

/** The shard after this one in the lane's walk. */
export function nextShard(shard: number, lanes: number): number | null {
  return shard + lanes < SHARDS ? shard + lanes : null;
}

/**
 * The messages of a bulk run: one definition on all tokens of a state. The walk is split into lanes, a lane into turns: a
 * turn puts a page of serials on the bus, the action does their steps and reports back, which starts the lane's next turn.
 * So there are never more pages in flight than lanes. Schemas are made on first use, because few functions ever get a page.
 */
import * as z from 'zod/mini';
import { isoTime } from '../base/clock.ts';
import { TOKEN_STATES } from '../token/state.ts';
import type { OutcomeSubject } from './outcome.ts';
import { type BusEntry, ownEntry } from './publish.ts';
import { Slip } from './slip.ts';

const count = z.int().check(z.gte(0));

/** Results by number of tokens. `deferred` ones are put on the bus as steps of their own. */
export const BulkCounts = z.lazy(() =>
  z.object({ found: count, done: count, skipped: count, failed: count, deferred: count }),
);
export type BulkCounts = z.output<typeof BulkCounts>;

export const NO_COUNTS: BulkCounts = { found: 0, done: 0, skipped: 0, failed: 0, deferred: 0 };

/** A run: the slip of its tokens, without a serial. */
export const BulkRun = z.lazy(() =>
  z.object({
    /** The step's id without a serial: the same for every delivery of the event. */
    id: z.string(),
    definition: z.object({ id: z.int(), name: z.string() }),
    target: z.enum(TOKEN_STATES),
    slip: Slip,
  }),
);
export type BulkRun = z.output<typeof BulkRun>;

/** The place of a page in its run; turns count from 1 within their lane. */
const Place = { lane: count, turn: count };

/** A page of a run: the input of the action's function. */
export const BulkPage = z.lazy(() =>
  z.object({ action: z.string(), run: BulkRun, ...Place, serials: z.array(z.string()) }),
);
export type BulkPage = z.output<typeof BulkPage>;

/** The result of a page; turn 0 starts a lane. `rest` are the serials for which there was no time. */
export const BulkTurn = z.lazy(() =>
  z.object({ run: BulkRun, ...Place, counts: BulkCounts, rest: z.array(z.string()) }),
);
export type BulkTurn = z.output<typeof BulkTurn>;

/** The input of the function of bulk runs: a run to be started, or a lane to be continued. */
export const BulkStep = z.lazy(() => z.union([BulkTurn, z.object({ run: BulkRun })]));

export const BULK_STEP = 'token.bulk';

export function runEntry(bus: string, run: BulkRun): BusEntry {
  return ownEntry(bus, BULK_STEP, { run });
}

export function turnEntry(bus: string, turn: BulkTurn): BusEntry {
  return ownEntry(bus, BULK_STEP, turn);
}

export function pageEntry(bus: string, page: BulkPage): BusEntry {
  return ownEntry(bus, 'token.action', page);
}

/** Returns the subject of the outcomes of the run itself. */
export function subjectOfRun({ id, definition, slip }: BulkRun): OutcomeSubject {
  const { id: event, name, time } = slip.event;
  return { id, event: { id: event, name, time }, definition, action: slip.action, serial: null };
}

/** The result of a whole run, as it is announced on the results bus. */
export interface BulkSummary {
  /** The run's id, by which consumers drop duplicates. */
  readonly id: string;
  readonly event: { readonly id: string; readonly name: string; readonly time: string };
  readonly definition: { readonly id: number; readonly name: string };
  readonly action: string;
  readonly target: BulkRun['target'];
  /** Whether it ended early, because its definition is no longer applied. */
  readonly stopped: boolean;
  readonly tokens: BulkCounts;
}

export function summaryOf(run: BulkRun, tokens: BulkCounts, stopped: boolean): BulkSummary {
  const { id, name, time } = run.slip.event;
  const { definition, target, slip } = run;
  const event = { id, name, time: isoTime(time) };
  return { id: run.id, event, definition, action: slip.action, target, stopped, tokens };
}

export const BULK_SUMMARY = 'token.action.bulk';

export function summaryEntry(bus: string, summary: BulkSummary): BusEntry {
  return ownEntry(bus, BULK_SUMMARY, summary);
}

/**
 * A bulk run: one definition on all tokens of a state, as it travels on the bus. The walk is cut into lanes, each lane
 * into turns: a turn hands a page of serials to the action, the action does their steps and says so, which is the
 * lane's next turn. So as many pages are under way as there are lanes, and never more. Its schemas are made when the
 * first of them is met: every action takes pages, and few ever see one.
 */
import * as z from 'zod/mini';
import { isoTime } from '../base/clock.ts';
import { TOKEN_STATES } from '../token/state.ts';
import type { OutcomeSubject } from './outcome.ts';
import { type BusEntry, ownEntry } from './publish.ts';
import { Slip } from './slip.ts';

const count = z.int().check(z.gte(0));

/** What came of tokens; `deferred`: put on the bus as a step of its own, since it could not be done at once. */
export const BulkCounts = z.lazy(() =>
  z.object({ found: count, done: count, skipped: count, failed: count, deferred: count }),
);
export type BulkCounts = z.output<typeof BulkCounts>;

export const NO_COUNTS: BulkCounts = { found: 0, done: 0, skipped: 0, failed: 0, deferred: 0 };

/** What a run does: the slip of one of its tokens, but for the serial. */
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

/** Which page of a run: turns count from 1 within their lane. */
const Place = { lane: count, turn: count };

/** A page of a run, as the action's function takes it. */
export const BulkPage = z.lazy(() =>
  z.object({ action: z.string(), run: BulkRun, ...Place, serials: z.array(z.string()) }),
);
export type BulkPage = z.output<typeof BulkPage>;

/** The end of a page, and what came of it; turn 0 is the start of the lane. `rest`: what there was no time for. */
export const BulkTurn = z.lazy(() =>
  z.object({ run: BulkRun, ...Place, counts: BulkCounts, rest: z.array(z.string()) }),
);
export type BulkTurn = z.output<typeof BulkTurn>;

/** What the function of bulk runs takes: a run to be started, or a lane that goes on. */
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

/** What every outcome of the run itself says. */
export function subjectOfRun({ id, definition, slip }: BulkRun): OutcomeSubject {
  const { id: event, name, time } = slip.event;
  return { id, event: { id: event, name, time }, definition, action: slip.action, serial: null };
}

/** What came of a whole run, as the results bus announces it. */
export interface BulkSummary {
  /** The run's id: consumers drop doubles by it. */
  readonly id: string;
  readonly event: { readonly id: string; readonly name: string; readonly time: string };
  readonly definition: { readonly id: number; readonly name: string };
  readonly action: string;
  readonly target: BulkRun['target'];
  /** Whether it ended early, because its definition was taken out of force. */
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

/**
 * Runs a page of a bulk run in the action's function: for each serial the same step as for a single slip, a few at a time, so
 * that memory and the load on the tables do not grow with the number of tokens.
 */
import type { AnyAction } from '../action/action.ts';
import { type BulkCounts, type BulkPage, NO_COUNTS } from '../event/bulk.ts';
import type { Outcome } from '../event/outcome.ts';
import type { Slip } from '../event/slip.ts';
import { Refusal } from '../schema/validate.ts';
import { runSlipStep, type StepRuntime } from '../step/run-slip.ts';

export interface PageResult {
  readonly outcomes: readonly Outcome[];
  /** Steps that failed for a transient reason, to be put on the bus: one token must not hold up the page. */
  readonly deferred: readonly Slip[];
  /** The serials for which there was no time. */
  readonly rest: readonly string[];
  readonly counts: BulkCounts;
}

/** How many steps of a page run at once. */
const IN_FLIGHT = 8;
/** If more steps than this fail for a transient reason, the cause is not in single tokens: the page is retried. */
const MOST_DEFERRED = 10;

/**
 * Runs the steps of a page.
 *
 * @param time aborts when no further step should begin
 * @throws the error of a step, if more than `MOST_DEFERRED` failed
 */
export async function runPage(
  { run, serials }: Pick<BulkPage, 'run' | 'serials'>,
  action: AnyAction,
  runtime: StepRuntime,
  time: AbortSignal,
): Promise<PageResult> {
  const outcomes: Outcome[] = [];
  const deferred: Slip[] = [];
  const counts = { ...NO_COUNTS };
  const waiting = serials.values();
  const rest: string[] = [];
  let transient = 0;
  const work = async (): Promise<void> => {
    for (const serial of waiting) {
      const slip = { ...run.slip, serial };
      try {
        const { outcome } = await runSlipStep(slip, action, runtime);
        if (outcome) outcomes.push(outcome);
        counts[outcome?.status ?? 'skipped'] += 1;
      } catch (error) {
        deferred.push(slip);
        if (!(error instanceof Refusal)) transient += 1; // An unreadable item concerns only its own token.
        if (transient > MOST_DEFERRED) throw error;
      }
      if (time.aborted) break;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  rest.push(...waiting);
  const found = outcomes.length + deferred.length;
  return { outcomes, deferred, rest, counts: { ...counts, found, deferred: deferred.length } };
}

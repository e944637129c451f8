/**
 * A page of a bulk run, done by the action's own function: for each serial the same step as from a slip of its own,
 * a few at a time, so that memory, and what a run takes from the tables at once, stay the same however many there are.
 */
import type { AnyAction } from '../action/action.ts';
import { type BulkCounts, type BulkPage, NO_COUNTS } from '../event/bulk.ts';
import type { Outcome } from '../event/outcome.ts';
import type { Slip } from '../event/slip.ts';
import { Refusal } from '../schema/validate.ts';
import { runSlipStep, type StepRuntime } from '../step/run-slip.ts';

export interface PageResult {
  readonly outcomes: readonly Outcome[];
  /** Steps that could not be done now, to be put on the bus: one bad token holds up no page. */
  readonly deferred: readonly Slip[];
  /** The serials that there was no time for. */
  readonly rest: readonly string[];
  readonly counts: BulkCounts;
}

const IN_FLIGHT = 8;
/** More than so many that cannot be done are no matter of single tokens: the whole page is to be tried again later. */
const MOST_DEFERRED = 10;

/**
 * Does the steps of a page.
 *
 * @param time aborts when no further step should be begun
 * @throws what the steps threw, where it is more than a few of them
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
        if (!(error instanceof Refusal)) transient += 1; // an item that nobody can read is a matter of its token alone
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

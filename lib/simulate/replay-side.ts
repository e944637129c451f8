/** One of the two sets of a replay: does each event by the code that acts, and remembers who last wrote what. */
import { findAction } from '../action/catalogue.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { Slip } from '../event/slip.ts';
import { planEvent } from '../plan/plan.ts';
import { runSlipStep } from '../step/run-slip.ts';
import type { DryRun } from './dry-run.ts';
import { Tally } from './replay-tally.ts';

export class Side {
  readonly tally = new Tally();
  /** Bulk runs that the events start: counted, not walked, since a recording does not say which tokens there were. */
  runs = 0;
  readonly runtime: DryRun;
  /** By serial and field: the definition that changed it last. */
  readonly #writers = new Map<string, Map<string, number>>();

  constructor(runtime: DryRun) {
    this.runtime = runtime;
  }

  /** Does an event. @throws whatever the reads throw */
  async handle(event: AuthEvent): Promise<void> {
    const { definitions, sources, timezone } = this.runtime;
    const plan = await planEvent(event, definitions.index, sources, timezone);
    for (const outcome of plan.outcomes) this.tally.add(outcome);
    this.runs += plan.runs.length;
    for (const first of plan.slips) {
      for (let slip: Slip | null = first; slip !== null; ) slip = await this.#step(slip);
    }
  }

  /** The definition that changed a field of a token last, if any did. */
  writerOf(serial: string, field: string): number | undefined {
    return this.#writers.get(serial)?.get(field);
  }

  async #step(slip: Slip): Promise<Slip | null> {
    const action = findAction(slip.action);
    if (!action) throw new TypeError(`no action is called "${slip.action}"`);
    const { written } = this.runtime.tokens;
    const [made, before] = [written.size, written.get(slip.serial ?? '')];
    const { outcome, next } = await runSlipStep(slip, action, this.runtime);
    // Recorded twice is done once: the second time nothing is written, and it is not counted.
    const isUnwritten = slip.serial === null ? written.size === made : written.get(slip.serial) === before;
    if (outcome === null || (outcome.status === 'done' && isUnwritten)) return next;
    this.tally.add(outcome);
    const definition = outcome.definition?.id;
    const fields = Object.keys(outcome.changes ?? {});
    const { serial } = outcome;
    if (outcome.status !== 'done' || definition === undefined || serial === null || fields.length === 0) return next;
    const writers = this.#writers.get(serial) ?? new Map<string, number>();
    for (const field of fields) writers.set(field, definition);
    this.#writers.set(serial, writers);
    return next;
  }
}

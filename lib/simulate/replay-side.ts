/** One of the two sets of a replay: runs each event, and keeps which definition wrote which field of a token last. */
import type { AuthEvent } from '../event/auth-event.ts';
import type { Outcome } from '../event/outcome.ts';
import type { Slip } from '../event/slip.ts';
import { planEvent } from '../plan/plan.ts';
import { runWholeSlip } from '../step/run-whole-slip.ts';
import type { DryRun } from './dry-run.ts';
import { Tally } from './replay-tally.ts';

export class Side {
  readonly tally = new Tally();
  /** How many bulk runs the events start. They are not walked: a recording does not say which tokens there were. */
  runs = 0;
  readonly runtime: DryRun;
  /** By serial and field: the definition that changed it last. */
  readonly #writers = new Map<string, Map<string, number>>();

  constructor(runtime: DryRun) {
    this.runtime = runtime;
  }

  /** Plans an event and runs its steps. @throws errors of the reads */
  async handle(event: AuthEvent): Promise<void> {
    const { definitions, sources, timezone } = this.runtime;
    const plan = await planEvent(event, definitions.index, sources, timezone);
    for (const outcome of plan.outcomes) this.tally.add(outcome);
    this.runs += plan.runs.length;
    for (const first of plan.slips) {
      await this.#run(first);
    }
  }

  /** The definition that changed a field of a token last. */
  writerOf(serial: string, field: string): number | undefined {
    return this.#writers.get(serial)?.get(field);
  }

  async #run(first: Slip): Promise<void> {
    for await (const { outcome, isRepeated } of runWholeSlip(first, this.runtime)) {
      // An event that was recorded twice is done and counted once.
      if (outcome && !isRepeated) this.#note(outcome);
    }
  }

  #note(outcome: Outcome): void {
    this.tally.add(outcome);
    const { serial, status, definition } = outcome;
    if (status !== 'done' || definition === null || serial === null) return;
    const writers = this.#writers.get(serial) ?? new Map<string, number>();
    for (const field of Object.keys(outcome.changes ?? {})) writers.set(field, definition.id);
    this.#writers.set(serial, writers);
  }
}

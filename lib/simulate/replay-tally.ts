/** Counts the outcomes of one set of definitions, by definition. */
import type { Outcome } from '../event/outcome.ts';

export interface StepCounts {
  readonly id: number;
  readonly name: string;
  done: number;
  /** By the reason's code. */
  readonly skipped: Record<string, number>;
  readonly failed: Record<string, number>;
}

export class Tally {
  readonly #byDefinition = new Map<number, StepCounts>();

  add({ definition, status, reason }: Outcome): void {
    if (definition === null) return;
    const counts = this.#countsOf(definition);
    if (status === 'done') counts.done += 1;
    else {
      const code = reason?.code ?? '';
      counts[status][code] = (counts[status][code] ?? 0) + 1;
    }
  }

  /** In the order of the ids. */
  get all(): readonly StepCounts[] {
    return [...this.#byDefinition.values()].sort((a, b) => a.id - b.id);
  }

  #countsOf({ id, name }: { readonly id: number; readonly name: string }): StepCounts {
    const known = this.#byDefinition.get(id) ?? { id, name, done: 0, skipped: {}, failed: {} };
    this.#byDefinition.set(id, known);
    return known;
  }
}

/** The sums over all definitions. */
export function totals(all: readonly StepCounts[]): { done: number; skipped: number; failed: number } {
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
  return all.reduce(
    (total, { done, skipped, failed }) => ({
      done: total.done + done,
      skipped: total.skipped + sum(skipped),
      failed: total.failed + sum(failed),
    }),
    { done: 0, skipped: 0, failed: 0 },
  );
}

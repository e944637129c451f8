/** A shuffle that a seed repeats. */
import { randomFrom } from '../infra/local/random.ts';

/** The same list in an order that depends on the seed alone (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const below = randomFrom(seed);
  const rest = [...list];
  return list.flatMap(() => rest.splice(below(rest.length), 1));
}

/** `{ "numeric": [...] }`: comparisons of JSON numbers. A text never meets one, not even `"5"`. */
import type { Leaf } from './fields.ts';
import { PatternError } from './pattern-error.ts';

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Parses `["=", 5]`, one bound, or a lower bound followed by an upper one. */
export function numeric(operand: unknown, path: string): (value: Leaf) => boolean {
  const allowed = 'a comparison and a number, or > or >= with a number and then < or <= with a larger one';
  const parts: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const [operator, bound, upper, top] = parts;
  const bounded = parts.length === 4;
  if (bounded ? !(isLower(operator) && isUpper(upper)) : parts.length !== 2)
    throw new PatternError(path, operand, allowed);
  const lower = comparison(operator, bound);
  const both = bounded ? comparison(upper, top) : () => true;
  if (lower === undefined || both === undefined) throw new PatternError(path, operand, allowed);
  if (bounded && Number(bound) >= Number(top)) throw new PatternError(path, operand, allowed);
  return (value) => typeof value === 'number' && lower(value) && both(value);
}

const isLower = (operator: unknown): boolean => operator === '>' || operator === '>=';
const isUpper = (operator: unknown): boolean => operator === '<' || operator === '<=';

function comparison(operator: unknown, bound: unknown): ((value: number) => boolean) | undefined {
  if (typeof operator !== 'string' || typeof bound !== 'number' || !Object.hasOwn(comparisons, operator))
    return undefined;
  const compare = comparisons[operator];
  return compare && ((value) => compare(value, bound));
}

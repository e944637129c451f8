/**
 * Whole numbers as people type them into a form: sign, ASCII digits, spaces around. Nothing else is
 * a number here (`1.5`, `0x10`, `1e3`, an empty text), and none that JavaScript could not hold exactly.
 */

/** The digits, not their size: for a JSON Schema too. */
export const INTEGER_PATTERN = '^\\s*[+-]?[0-9]+\\s*$';
const INTEGER = new RegExp(INTEGER_PATTERN);

/** Reads an integer; `null` where `value` is none or not a safe one. */
export function parseInteger(value: string | number): number | null {
  if (typeof value === 'string' && !INTEGER.test(value)) return null;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) return null;
  return number === 0 ? 0 : number; // never -0, which JSON and DynamoDB don't keep
}

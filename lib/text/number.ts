/**
 * Numbers as people write them into a form or a comparison. A whole number is a sign, ASCII digits and spaces around:
 * `1.5`, `0x10`, `1e3` and an empty text are none, nor is one that JavaScript cannot hold exactly.
 */

/** The form of a whole number, not its size; used in JSON Schemas too. */
export const INTEGER_PATTERN = '^\\s*[+-]?[0-9]+\\s*$';
const INTEGER = new RegExp(INTEGER_PATTERN);

/** Reads an integer; `null` where `value` is none or not a safe one. */
export function parseInteger(value: string | number): number | null {
  if (typeof value === 'string' && !INTEGER.test(value)) return null;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) return null;
  return number === 0 ? 0 : number; // never -0, which JSON and DynamoDB don't keep
}

const DECIMAL = /^\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*$/;
/** A double holds up to so many digits exactly. */
const EXACT_DIGITS = 15;

/** Reads a decimal number; one of more digits than a double holds as a bigint. Returns `null` for any other text. */
export function parseNumber(text: string): number | bigint | null {
  if (text.length > EXACT_DIGITS && INTEGER.test(text)) return normalise(BigInt(text.trim().replace('+', '')));
  return DECIMAL.test(text) ? Number(text) : null;
}

function normalise(integer: bigint): number | bigint {
  const double = Number(integer);
  return Number.isSafeInteger(double) ? double : integer;
}

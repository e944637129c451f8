/**
 * Reads numbers as people write them into forms and comparisons. An integer is an optional sign and ASCII digits, with spaces
 * around. `1.5`, `0x10`, `1e3`, an empty text, and numbers that JavaScript cannot represent exactly are not integers.
 */

/** The pattern of an integer of any size; also used in JSON Schemas. */
export const INTEGER_PATTERN = '^\\s*[+-]?[0-9]+\\s*$';
const INTEGER = new RegExp(INTEGER_PATTERN);

/** Reads an integer; null if `value` is not a safe integer. */
export function parseInteger(value: string | number): number | null {
  if (typeof value === 'string' && !INTEGER.test(value)) return null;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) return null;
  return number === 0 ? 0 : number; // Never -0, which JSON and DynamoDB do not preserve.
}

const DECIMAL = /^\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*$/;
/** A double represents this many digits exactly. */
const EXACT_DIGITS = 15;

/** Reads a decimal number; an integer that a double cannot represent becomes a bigint. Returns null for any other text. */
export function parseNumber(text: string): number | bigint | null {
  if (text.length > EXACT_DIGITS && INTEGER.test(text)) return normalise(BigInt(text.trim().replace('+', '')));
  return DECIMAL.test(text) ? Number(text) : null;
}

function normalise(integer: bigint): number | bigint {
  const double = Number(integer);
  return Number.isSafeInteger(double) ? double : integer;
}

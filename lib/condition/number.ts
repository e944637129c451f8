/** Numbers in comparisons: `5`, `-3`, `1.5`, `1e3`. Integers of any length compare exactly. */

const INTEGER = /^\s*[+-]?[0-9]+\s*$/;
const DECIMAL = /^\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*$/;
/** More digits than these a double may not hold. */
const EXACT_DIGITS = 15;

/** The number, or `null` for any other text. */
export function parseNumber(text: string): number | bigint | null {
  if (text.length > EXACT_DIGITS && INTEGER.test(text)) return normalise(BigInt(text.trim().replace('+', '')));
  return DECIMAL.test(text) ? Number(text) : null;
}

function normalise(integer: bigint): number | bigint {
  const double = Number(integer);
  return Number.isSafeInteger(double) ? double : integer;
}

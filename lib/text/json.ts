/**
 * JSON without silent loss: JavaScript reads 12345678901234567890 as another number, and 12e4 or 1.0 as one that prints
 * otherwise. Where a text is meant (a key, a PIN, a phone number) that would be another text.
 */

/** Tells whether a number prints exactly as it was written. */
export function isPrintedAs(number: number, source: string): boolean {
  return String(number) === source && (Number.isSafeInteger(number) || !Number.isInteger(number));
}

/** Whether a number whose source is not known certainly means its digits. */
export function isExact(number: number): boolean {
  if (Number.isInteger(number)) return Number.isSafeInteger(number);
  const [digits, exponent] = String(number).split('e');
  return Number.isFinite(number) && exponent === undefined && (digits ?? '').replace(/\D/g, '').length <= EXACT_DIGITS;
}

/** A double holds up to so many digits exactly. */
const EXACT_DIGITS = 15;

/** `JSON.parse`'s reviver, with the source text that Node hands over. */
type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * Parses what people write: a number that would not print as it was written is its source text.
 *
 * @throws SyntaxError where it is no JSON @throws RangeError where it is nested too deeply
 */
export function parseJson(text: string): unknown {
  return parseWith(text, function keep(_key, value, { source }) {
    return typeof value === 'number' && source !== undefined && !isPrintedAs(value, source) ? source : value;
  });
}

/**
 * Parses an event: numbers stay numbers, but a `uid` that would not print as it was written is NaN, which is refused.
 *
 * @throws SyntaxError where it is no JSON @throws RangeError where it is nested too deeply
 */
export function parseEventJson(text: string): unknown {
  return parseWith(text, function check(key, value, { source }) {
    const isLost = key === 'uid' && typeof value === 'number' && source !== undefined && !isPrintedAs(value, source);
    return isLost ? Number.NaN : value;
  });
}

function parseWith(text: string, reviver: Reviver): unknown {
  return JSON.parse(text, reviver as Parameters<typeof JSON.parse>[1]) as unknown;
}

/**
 * What is wrong with a text that is no JSON, in the parser's words and without what stands there: where it names no
 * place, it quotes the text around the fault, which may be a secret that somebody forgot to quote.
 */
export function jsonFault(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.endsWith('is not valid JSON') ? 'something stands there that is no value' : words;
}

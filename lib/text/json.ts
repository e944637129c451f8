/**
 * Parses JSON without changing numbers silently: JavaScript reads 12345678901234567890 as another number, and prints 12e4 and
 * 1.0 differently. If a text was meant (a key, a PIN, a phone number), that would be another text.
 */

/** Tells whether a number prints exactly as it was written. */
export function isPrintedAs(number: number, source: string): boolean {
  return String(number) === source && (Number.isSafeInteger(number) || !Number.isInteger(number));
}

/** Tells whether a number, whose source text is not known, certainly has the digits that were written. */
export function isExact(number: number): boolean {
  if (Number.isInteger(number)) return Number.isSafeInteger(number);
  const [digits, exponent] = String(number).split('e');
  return Number.isFinite(number) && exponent === undefined && (digits ?? '').replace(/\D/g, '').length <= EXACT_DIGITS;
}

/** A double represents this many digits exactly. */
const EXACT_DIGITS = 15;

/** The reviver of `JSON.parse`, with the source text that Node passes to it. */
type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * Parses a document that people write. A number that would print differently than it was written becomes its source text.
 *
 * @throws SyntaxError if it is not JSON @throws RangeError if it is nested too deeply
 */
export function parseJson(text: string): unknown {
  return parseWith(text, function keep(_key, value, { source }) {
    return typeof value === 'number' && source !== undefined && !isPrintedAs(value, source) ? source : value;
  });
}

/**
 * Parses an event. Numbers stay numbers, but a `uid` that would print differently than it was written becomes NaN, which is
 * refused later.
 *
 * @throws SyntaxError if it is not JSON @throws RangeError if it is nested too deeply
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
 * Describes the error of the JSON parser without quoting the text, which may contain a secret: the parser quotes the text
 * around an error if its message has no position.
 */
export function jsonFault(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.endsWith('is not valid JSON') ? 'a value is malformed' : words;
}

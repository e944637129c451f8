/**
 * The base of all errors that Tokenwright raises: a stable `code`, the `path` of the value that is wrong, and the data
 * behind the message. Callers decide by `code`, never by the message.
 */

import type { ErrorCode } from './codes.ts';

/** The data of an error, beside its message. */
export interface ErrorDetails {
  /** Where the wrong value is, as in `definitions[3].options.valid from`. */
  readonly path?: string;
  /** The file, where several were read. */
  readonly file?: string;
  /** The wrong value; never a secret. */
  readonly given?: unknown;
  /** What is accepted, in words or as a list. */
  readonly allowed?: string | readonly string[];
}

/**
 * An expected refusal with a stable code.
 *
 * @example
 * throw new TokenwrightError('unknown_realm', 'there is no realm "nope"', { given: 'nope', allowed: ['realm1'] });
 */
export class TokenwrightError extends Error {
  override readonly name = 'TokenwrightError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /** @param options `cause`: the error behind it, unless its message may quote a secret */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  /** Copies the error, with `prefix` in front of its path. */
  under(prefix: string): TokenwrightError {
    return this.with({ path: this.details.path === undefined ? prefix : joinPath(prefix, this.details.path) });
  }

  /** Copies the error, with some of its details replaced. */
  with(details: ErrorDetails): TokenwrightError {
    const options = 'cause' in this ? { cause: this.cause } : undefined;
    return new TokenwrightError(this.code, this.message, { ...this.details, ...details }, options);
  }
}

/** Joins two path parts: `definitions[3]` and `options` give `definitions[3].options`. */
export function joinPath(prefix: string, path: string): string {
  if (prefix === '' || path === '') return prefix + path;
  return path.startsWith('[') ? prefix + path : `${prefix}.${path}`;
}

const LONGEST = 60;

/** Shortens a text for a message: what people typed may be of any length. */
export function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/**
 * The one base of every error that Tokenwright raises: a stable `code`, the `path` of the value that
 * is at fault, and the data behind the words. Callers branch on `code`, never on the message.
 */

import type { ErrorCode } from './codes.ts';

/** What an error says about itself beside its message. */
export interface ErrorDetails {
  /** Where the fault is, as in `definitions[3].options.valid from`. */
  readonly path?: string;
  /** In which of several files. */
  readonly file?: string;
  /** The value that was given; never a secret. */
  readonly given?: unknown;
  /** What would have been accepted, in words or as a list. */
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

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  /** The same refusal, reported from further out: `prefix` goes in front of the path. */
  under(prefix: string): TokenwrightError {
    const path = this.details.path === undefined ? prefix : joinPath(prefix, this.details.path);
    return new TokenwrightError(this.code, this.message, { ...this.details, path });
  }
}

/** Joins two path parts: `definitions[3]` and `options` give `definitions[3].options`. */
export function joinPath(prefix: string, path: string): string {
  if (prefix === '' || path === '') return prefix + path;
  return path.startsWith('[') ? prefix + path : `${prefix}.${path}`;
}

const LONGEST = 60;

/** The beginning of a text, for a message: what people typed may be of any length. */
export function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

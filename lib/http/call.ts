/** A call of the HTTP API, and the answers to it: JSON, or problem details (RFC 9457) with our stable codes. */
import type * as z from 'zod/mini';
import type { ErrorCode } from '../base/codes.ts';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { brief, briefText } from '../event/outcome.ts';
import { isSecretPath } from '../schema/secret-names.ts';
import { parse, Refusal } from '../schema/validate.ts';

/** The caller on one machine, where requests need no signature. */
export const UNSIGNED = 'unsigned';

export interface HttpCall {
  /** The variable parts of the path. */
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Reads the body as JSON; a number that would lose digits stays a text. @throws TokenwrightError `bad_body` */
  body(): unknown;
  /** Reads the body as an event, in which all numbers are numbers. @throws TokenwrightError `bad_body` */
  event(): unknown;
  /** The ARN that signed. */
  readonly caller: string;
  /** In milliseconds since 1970. */
  readonly now: number;
}

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type HttpOperation = (call: HttpCall) => Promise<HttpResponse>;

/** By route, as in `GET /tokens/{serial}`. */
export type HttpOperations = Readonly<Record<string, HttpOperation>>;

/** Reads the query of a call. @throws Refusal `bad_query` */
export function readQuery<S extends z.ZodMiniType>(schema: S, { query }: HttpCall): z.output<S> {
  return parse(schema, query, 'bad_query');
}

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  unknown_definition: 404,
  unknown_version: 404,
  unknown_token: 404,
  unknown_user: 404,
  definitions_changed: 409,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'The call is refused, and nothing was changed',
  404: 'Not found',
  409: 'Changed by someone else meanwhile; nothing was changed by this call',
};

/** Makes the answer to a refusal; `undefined` for any other error: a programming error, or a transient one. */
export function refusalOf(error: unknown): HttpResponse | undefined {
  const errors = error instanceof Refusal ? error.errors : error instanceof TokenwrightError ? [error] : [];
  const [first] = errors;
  if (first === undefined) return undefined;
  const status = STATUS[first.code] ?? 400;
  return problem(status, TITLES[status] ?? '', errors);
}

export function json(statusCode: number, body: unknown): HttpResponse {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Makes problem details (RFC 9457). @param errors the faults, at least one */
export function problem(statusCode: number, title: string, errors: readonly TokenwrightError[]): HttpResponse {
  const body = {
    type: 'about:blank',
    title,
    status: statusCode,
    code: errors[0]?.code,
    errors: errors.map(described),
  };
  return { ...json(statusCode, body), headers: { 'content-type': 'application/problem+json' } };
}

/** Shortens long texts: an answer with the whole input may exceed what a function can return. */
function described({ code, message, details: { path = '', given, allowed } }: TokenwrightError) {
  const isShown = given !== null && !isObject(given) && !isSecretPath(path);
  return { code, path: briefText(path), message: briefText(message), ...(isShown && { given: brief(given) }), allowed };
}

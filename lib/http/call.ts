/** A call of the HTTP API, as its operations see it, and how a refusal is answered. */
import type * as z from 'zod/mini';
import type { ErrorCode } from '../base/codes.ts';
import { TokenwrightError } from '../base/error.ts';
import { brief, briefText } from '../event/outcome.ts';
import { isSecretPath } from '../schema/secret-names.ts';
import { parse, Refusal } from '../schema/validate.ts';

/** Stands for the caller where nobody has to sign: on one machine. */
export const UNSIGNED = 'unsigned';

export interface HttpCall {
  /** The parts of the path that the route leaves open. */
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The body as JSON; numbers that would print otherwise as they are written. @throws TokenwrightError `bad_body` */
  body(): unknown;
  /** The body as an event, in which numbers stay numbers. @throws TokenwrightError `bad_body` */
  event(): unknown;
  /** Who calls: the ARN that signed. */
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

/** The query of a call. @throws Refusal `bad_query` */
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

/** The answer to a refusal; `undefined` for what is no refusal but a fault of ours, or transient. */
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

/** @param errors what was refused, each with code, path and message, and what was given and allowed where it is known */
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

/** Long texts by their beginning: an answer of what was sent, three times over, is more than a function may return. */
function described({ code, message, details: { path = '', given, allowed } }: TokenwrightError) {
  const isShown = typeof given !== 'object' && !isSecretPath(path);
  return { code, path: briefText(path), message: briefText(message), ...(isShown && { given: brief(given) }), allowed };
}

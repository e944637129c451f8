/** A call of the HTTP API, as its operations see it, and how a refusal is answered. */
import type * as z from 'zod/mini';
import type { ErrorCode } from '../base/codes.ts';
import { TokenwrightError } from '../base/error.ts';
import { parse, Refusal } from '../schema/validate.ts';
import { type HttpResponse, problem } from './problem.ts';

/** Stands for the caller where nobody has to sign: on one machine. */
export const UNSIGNED = 'unsigned';

export interface Call {
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

export type Operation = (call: Call) => Promise<HttpResponse>;

/** By route, as in `GET /tokens/{serial}`. */
export type Operations = Readonly<Record<string, Operation>>;

/** The query of a call. @throws Refusal `bad_query` */
export function readQuery<S extends z.ZodMiniType>(schema: S, { query }: Call): z.output<S> {
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

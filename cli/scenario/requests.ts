/** The requests of a scenario: their schema, and how they are sent to a stack's HTTP API. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import * as z from 'zod/mini';
import type { HttpRequest } from '../../infra/local/api/http-api.ts';
import type { Stack } from '../../infra/local/stack.ts';
import { isObject } from '../../lib/base/object.ts';
import { Instant } from '../../lib/schema/scalar.ts';
import type { Paint } from '../output/display.ts';

const text = z.string();
const optional = <S extends z.ZodMiniType>(schema: S) => z.optional(z.nullable(schema));

/** A method that no route has is answered with 404 or 405, as on AWS. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const bodies = ['params', 'json', 'body'] as const;
export const ScenarioRequest = z
  .strictObject({
    time: Instant,
    method: z.pipe(
      z.pipe(
        text,
        z.transform((method) => method.toUpperCase()),
      ),
      z.enum(METHODS),
    ),
    path: text.check(z.regex(/^\//, 'must begin with a slash')),
    /** The query of GET and DELETE, or the form of other methods; values are not encoded. */
    params: optional(z.record(text, z.union([text, z.number(), z.boolean()]))),
    json: optional(z.unknown()),
    body: optional(text),
    content_type: optional(text),
    user_agent: optional(text),
    /** The caller: `admin`, `api:validate`, `api:admin`, `expired`, or an auth token. */
    as: optional(text),
  })
  .check(
    z.refine((request) => bodies.filter((name) => request[name] != null).length <= 1, {
      error: 'takes one of params, json and body',
    }),
  );
export type ScenarioRequest = z.output<typeof ScenarioRequest>;

export interface PlayedResponse {
  readonly status: number;
  /** Parsed if it is JSON, otherwise a text; null if it is empty. */
  readonly body: unknown;
}

/** Returns the headers of a caller. */
export type HeadersOf = (as: string) => Promise<Readonly<Record<string, string>>>;

/** Sends requests. Later ones may refer to transaction ids and generated serials of earlier ones as `<T1>` and `<S1>`. */
export class RequestPlayer {
  readonly responses: PlayedResponse[] = [];
  /** Serials in the answers to enrolments. */
  readonly enrolled: string[] = [];
  readonly #transactions: string[] = [];
  readonly #serials: string[] = [];
  readonly #http: Stack['http'];
  readonly #headersOf: HeadersOf;

  constructor(http: Stack['http'], headersOf: HeadersOf) {
    this.#http = http;
    this.#headersOf = headersOf;
  }

  async play(request: ScenarioRequest): Promise<PlayedResponse> {
    const filled = this.#fill(request) as ScenarioRequest;
    const answer = await this.#http(await toHttp(filled, this.#headersOf));
    const response = { status: answer.statusCode, body: readBody(answer.body) };
    this.responses.push(response);
    this.#learn(filled, response.body);
    return response;
  }

  #fill(value: unknown): unknown {
    if (typeof value === 'string') {
      return value.replace(/<([TS])([1-9]\d?)>/g, (whole, kind: string, number: string) => {
        return (kind === 'T' ? this.#transactions : this.#serials)[Number(number) - 1] ?? whole;
      });
    }
    if (Array.isArray(value)) return value.map((one) => this.#fill(one));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#fill(one)]));
  }

  #learn({ path, params, json }: ScenarioRequest, body: unknown): void {
    const answer = Answer.safeParse(body);
    const { transaction_id, serial } = answer.success ? (answer.data.detail ?? {}) : {};
    if (transaction_id && !this.#transactions.includes(transaction_id)) this.#transactions.push(transaction_id);
    if (!serial || !/^\/(k\/[^/]+\/|iam\/)?token\/init\/?$/.test(path)) return;
    this.enrolled.push(serial);
    const given = { ...params, ...(isObject(json) ? json : {}) };
    if (!('serial' in given) && !this.#serials.includes(serial)) this.#serials.push(serial);
  }
}

const Answer = z.looseObject({
  detail: z.optional(
    z.nullable(z.looseObject({ transaction_id: z.optional(text), serial: z.optional(z.nullable(text)) })),
  ),
});

async function toHttp(request: ScenarioRequest, headersOf: HeadersOf): Promise<HttpRequest> {
  const { method, params, json, body, content_type, user_agent, as } = request;
  const headers = {
    ...(user_agent != null && { 'user-agent': user_agent }),
    ...(as != null && (await headersOf(as))),
  };
  if (json !== undefined && json !== null) {
    const typed = { ...headers, 'content-type': content_type ?? 'application/json' };
    return { method, path: request.path, headers: typed, body: JSON.stringify(json) };
  }
  if (body != null) {
    return {
      method,
      path: request.path,
      headers: { ...headers, ...(content_type && { 'content-type': content_type }) },
      body,
    };
  }
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) encoded.append(name, String(value));
  if (method === 'GET' || method === 'DELETE') {
    const query = encoded.size > 0 ? `?${encoded}` : '';
    return { method, path: `${request.path}${query}`, headers };
  }
  const form = { ...headers, 'content-type': content_type ?? 'application/x-www-form-urlencoded' };
  return { method, path: request.path, headers: form, body: encoded.toString() };
}

function readBody(body: string): unknown {
  if (body === '') return null;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

/** Calls `onEvent` for every auth event that the front door raises in this process. @returns a function that stops it */
export function listenToAuthEvents(onEvent: (event: unknown) => void): () => void {
  const listener = (event: unknown): void => onEvent(event);
  subscribe('tokenwright.auth-event', listener);
  return () => void unsubscribe('tokenwright.auth-event', listener);
}

/** Describes an answer in one line: the status, the decision and the reason. */
export function describeResponse({ status, body }: PlayedResponse, paint: Paint): string {
  const read = Described.safeParse(body);
  if (!read.success) return `  ${status}`;
  const { result, detail } = read.data;
  const said = result?.authentication ?? (result?.error ? `fault ${result.error.code}` : JSON.stringify(result?.value));
  const colour = said === 'ACCEPT' ? 'green' : said === 'CHALLENGE' ? 'cyan' : 'yellow';
  const why = result?.error?.message ?? detail?.message ?? '';
  const { transaction_id } = detail ?? {};
  const transaction = transaction_id ? paint('dim', ` (transaction ${transaction_id})`) : '';
  return `  ${paint(colour, `${status} ${said}`)} ${why}${transaction}`;
}

const Described = z.looseObject({
  result: z.optional(
    z.looseObject({
      authentication: z.optional(text),
      value: z.optional(z.unknown()),
      error: z.optional(z.looseObject({ code: z.number(), message: text })),
    }),
  ),
  detail: z.optional(z.nullable(z.looseObject({ message: z.optional(text), transaction_id: z.optional(text) }))),
});

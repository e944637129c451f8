/** Writes the JSON of an answer, in the form that privacyIDEA's clients read. */
import { isObject } from '../base/object.ts';
import type { HttpResponse } from '../http/call.ts';
import type { ApiFault } from './fault.ts';

/** The result of a call. */
export interface ApiAnswer {
  readonly value: unknown;
  /** Left out of the answer if it is empty. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /**
   * The HTTP status of an answer without body, as of `/validate/radiuscheck`; definitions see the JSON all the same.
   */
  readonly bare?: number;
}

/** 2 in the answers of `/validate/*` and `/auth`, which also have `result.authentication`; else 1. */
export type EnvelopeId = 1 | 2;

/** The `response` of an auth event. */
export interface ResponseView {
  readonly result: Readonly<Record<string, unknown>>;
  readonly detail?: Readonly<Record<string, unknown>> | null;
}

const VERSION = 'Tokenwright 0.1.0';
/** The version of privacyIDEA's API; clients parse it as `a.b.c`. */
const API_VERSION = '3.12.3';

type Authentication = 'ACCEPT' | 'CHALLENGE' | 'DECLINED' | 'REJECT';

/** Makes result and detail of an answer, as the client and the `post` definitions see them. */
export function viewAnswer(id: EnvelopeId, { value, detail = {} }: ApiAnswer): ResponseView {
  const result = { status: true, value, ...(id === 2 && { authentication: authenticationOf(value, detail) }) };
  return Object.keys(detail).length === 0 ? { result } : { result, detail };
}

/** Makes result and detail of a refusal. */
export function viewFault({ code, message, detail }: ApiFault): ResponseView {
  return { result: { status: false, error: { code, message } }, detail: detail as ResponseView['detail'] };
}

/** Writes an answer, with status 200 unless it is `bare`. @param now in milliseconds since 1970 */
export function writeAnswer(id: EnvelopeId, answer: ApiAnswer, now: number): HttpResponse {
  if (answer.bare !== undefined) return { statusCode: answer.bare, headers: NO_CACHE, body: '' };
  return write(200, { id, ...viewAnswer(id, answer), versionnumber: API_VERSION }, now);
}

/** Writes a refusal, with its status and headers. @param now in milliseconds since 1970 */
export function writeFault(fault: ApiFault, now: number): HttpResponse {
  const written = write(fault.status, { id: 1, ...viewFault(fault) }, now);
  return { ...written, headers: { ...written.headers, ...fault.headers } };
}

const NO_CACHE = { 'cache-control': 'no-cache' };

function write(statusCode: number, content: object, now: number): HttpResponse {
  const headers = { 'content-type': 'application/json', ...NO_CACHE };
  const body = JSON.stringify({ jsonrpc: '2.0', time: now / 1000, version: VERSION, ...content });
  return { statusCode, headers, body };
}

/** Computes `result.authentication`, which clients read before `value`. */
function authenticationOf(value: unknown, detail: Readonly<Record<string, unknown>>): Authentication {
  const { multi_challenge, challenge_status } = detail;
  if (Array.isArray(multi_challenge) && multi_challenge.length > 0) return 'CHALLENGE';
  if (value === true || (isObject(value) && value.auth === true)) {
    return 'ACCEPT';
  }
  return challenge_status === 'declined' ? 'DECLINED' : 'REJECT';
}

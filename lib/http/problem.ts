/** Problem details (RFC 9457) with our stable codes: what every refused HTTP call is answered with. */
import type { TokenwrightError } from '../error.ts';

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function json(statusCode: number, body: unknown): HttpResponse {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** @param errors what was refused, each with code, path and message */
export function problem(statusCode: number, title: string, errors: readonly TokenwrightError[]): HttpResponse {
  const body = {
    type: 'about:blank',
    title,
    status: statusCode,
    code: errors[0]?.code,
    errors: errors.map(({ code, message, details }) => ({ code, path: details.path ?? '', message })),
  };
  return { ...json(statusCode, body), headers: { 'content-type': 'application/problem+json' } };
}

/** Problem details (RFC 9457) with our stable codes: what every refused HTTP call is answered with. */
import type { TokenwrightError } from '../base/error.ts';
import { brief, briefText } from '../event/outcome.ts';
import { isSecretPath } from '../schema/secret-names.ts';

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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

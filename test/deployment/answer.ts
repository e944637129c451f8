/**
 * test/deployment proves that two stages deploy side by side to a stand-in for AWS: `npm run test:packaging`.
 *
 * What the services of the stand-in account answer with.
 */

export const ACCOUNT = '111122223333';

/** What a service answers: XML, or bytes. */
export interface Answer {
  readonly status?: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A result of the query protocol. */
export function xml(action: string, result: string): Answer {
  const body = `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
  return { body, headers: { 'content-type': 'text/xml' } };
}

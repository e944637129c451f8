/** Sends one login to a front door over HTTP. */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../lib/base/error.ts';
import type { PlayedResponse } from '../scenario/requests.ts';

export interface LoginAnswer extends PlayedResponse {
  readonly accepted: boolean;
  /** The id of a challenge that was triggered; null if none was. */
  readonly transaction: string | null;
}

const Body = z.looseObject({
  result: z.looseObject({ value: z.optional(z.unknown()), authentication: z.optional(z.string()) }),
  detail: z.optional(z.nullable(z.looseObject({ transaction_id: z.optional(z.string()) }))),
});

/** Sends a login. @param params of `/validate/check` @param key an API key @throws TokenwrightError `no_answer` */
export async function checkLogin(
  url: string,
  params: Readonly<Record<string, string>>,
  key?: string,
): Promise<LoginAnswer> {
  const response = await fetch(`${url.replace(/\/$/, '')}/validate/check`, {
    method: 'POST',
    headers: key === undefined ? {} : { 'x-api-key': key },
    body: new URLSearchParams(params),
  });
  const body: unknown = await response.json().catch(() => null);
  const read = Body.safeParse(body);
  if (!read.success) {
    throw new TokenwrightError('no_answer', `${url} answered ${response.status}, without the JSON of /validate/check`);
  }
  const { result, detail } = read.data;
  const transaction = result.authentication === 'CHALLENGE' ? (detail?.transaction_id ?? null) : null;
  return { status: response.status, body, accepted: result.value === true, transaction };
}

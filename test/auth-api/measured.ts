/** Compares an answer and a token with the measured one: every field of the row must be equal, and there may be more. */
import { expect } from 'vitest';
import type { PlayedResponse } from '../../cli/scenario/requests.ts';
import type { ShownToken } from '../../lib/token/view.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ExpectedResponse {
  readonly status: number;
  readonly result?: Json;
  readonly detail?: Json | null | '<absent>';
}

export type ExpectedToken = Json & {
  readonly info?: Readonly<Record<string, string>>;
  readonly info_present?: readonly string[];
  readonly info_absent?: readonly string[];
};

/** The values of `<T1>` and `<S1>`: the first occurrence binds the name, and later ones must have the same value. */
export class Names {
  readonly #bound = new Map<string, unknown>();

  matches(name: string, value: unknown): boolean {
    if (!this.#bound.has(name)) this.#bound.set(name, value);
    return typeof value === 'string' && this.#bound.get(name) === value;
  }
}

const DETAILS = [
  'message',
  'messages',
  'serial',
  'type',
  'otplen',
  'transaction_id',
  'transaction_ids',
  'challenge_status',
  'rollout_state',
];
const SECRETS = ['otpkey', 'googleurl', 'password', 'registrationcode', 'otps'];
const OF_CHALLENGE = ['serial', 'type', 'message', 'transaction_id'];
const OF_LISTED = [
  'serial',
  'tokentype',
  'active',
  'failcount',
  'maxfail',
  'count_window',
  'realms',
  'username',
  'user_realm',
  'revoked',
  'locked',
];

export function expectResponse(played: PlayedResponse | undefined, expected: ExpectedResponse, names: Names): void {
  const body = (played?.body ?? {}) as { readonly result?: Json; readonly detail?: Json };
  const told = JSON.stringify(played);
  expect(played?.status, told).toBe(expected.status);
  if (expected.result) expectResult(body.result, expected.result, names, told);
  const { detail } = expected;
  if (detail === '<absent>') expect(body.detail, told).toBeUndefined();
  if (detail === null && expected.result) expect(body.detail, told).toBeNull();
  if (detail !== null && typeof detail === 'object') expectDetail(body.detail, detail, names, told);
}

function expectResult(result: Json | undefined, expected: Json, names: Names, told: string): void {
  const { value, ...rest } = expected;
  for (const [name, wanted] of Object.entries(rest)) expectSame(result?.[name], wanted, names, `${name} of ${told}`);
  if (isRecord(value) && Array.isArray(value.tokens)) {
    const { tokens, ...counts } = value;
    const listed = (result?.value ?? {}) as { readonly tokens?: readonly Json[] } & Json;
    expect(listed, told).toMatchObject(counts);
    expect(
      listed.tokens?.map((token) => pick(token, OF_LISTED)),
      told,
    ).toEqual((tokens as Json[]).map((token) => pick(token, OF_LISTED)));
  } else if (isRecord(value) && 'token' in value) {
    expect(result?.value, told).toMatchObject({ token: expect.any(String), role: value.role });
  } else if ('value' in expected) expectSame(result?.value, value, names, `value of ${told}`);
}

function expectDetail(detail: Json | undefined, expected: Json, names: Names, told: string): void {
  for (const name of DETAILS.filter((one) => one in expected)) {
    expectSame(detail?.[name], expected[name], names, `${name} of ${told}`);
  }
  for (const name of SECRETS.filter((one) => one in expected)) expect(detail, told).toHaveProperty(name);
  if (!Array.isArray(expected.multi_challenge)) return;
  const wanted = expected.multi_challenge.map((one: Json) => pick(one, OF_CHALLENGE));
  const given = (detail?.multi_challenge ?? []) as readonly Json[];
  expectSame(
    given.map((one) => pick(one, OF_CHALLENGE)),
    wanted,
    names,
    told,
  );
}

/** Compares values, where `<T1>` and `<S1>` bind a name and any other `<...>` matches any text. */
function expectSame(given: unknown, wanted: unknown, names: Names, told: string): void {
  if (typeof wanted === 'string' && /^<[^>]*>$/.test(wanted)) {
    expect(typeof given, told).toBe('string');
    if (/^<[TS]\d+>$/.test(wanted)) expect(names.matches(wanted, given), `${wanted}: ${told}`).toBe(true);
  } else if (Array.isArray(wanted)) {
    expect(Array.isArray(given) ? given.length : given, told).toBe(wanted.length);
    for (const [i, one] of wanted.entries()) expectSame((given as unknown[])[i], one, names, told);
  } else if (isRecord(wanted)) {
    for (const [name, one] of Object.entries(wanted)) expectSame((given as Json | null)?.[name], one, names, told);
  } else expect(given, told).toEqual(wanted);
}

export function expectToken(token: ShownToken | undefined, expected: ExpectedToken | null, serial: string): void {
  if (expected === null) {
    expect(token, serial).toBeUndefined();
    return;
  }
  const { info = {}, info_present = [], info_absent = [], ...fields } = expected;
  expect(token, serial).toMatchObject(fields);
  expect(token?.info, serial).toMatchObject(info);
  for (const key of info_present) expect(token?.info, serial).toHaveProperty([key]);
  for (const key of info_absent) expect(token?.info, serial).not.toHaveProperty([key]);
}

function pick(object: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.filter((name) => name in object).map((name) => [name, object[name]]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

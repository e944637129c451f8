/** Sends arbitrary requests to every route: each answer has a code, and none is a 500. */

import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { callersOf } from '../../cli/scenario/callers.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { fuzz, TIMEOUT } from './runs.ts';

const Envelope = z.looseObject({
  jsonrpc: z.literal('2.0'),
  result: z.union([
    z.looseObject({ status: z.literal(true) }),
    z.object({ status: z.literal(false), error: z.object({ code: z.int(), message: z.string() }) }),
  ]),
});
const USER = { login: 'alice', realm: 'realm1', resolver: 'resolver1', uid: '1000' };
const SCENE = {
  realms: { realm1: ['resolver1'] },
  default_realm: 'realm1',
  users: [USER],
  admins: [{ username: 'admin', password: 'adminpw' }],
  tokens: [
    { serial: 'T1', tokentype: 'hotp', otpkey: '3132333435363738393031323334353637383930', pin: 'p', user: USER },
    { serial: 'T2', tokentype: 'spass', pin: 'p', user: USER },
  ],
};
const ROUTES = [
  ...['check', 'radiuscheck', 'triggerchallenge', 'polltransaction'].map((name) => `/validate/${name}`),
  ...[
    'init',
    'assign',
    'unassign',
    'enable',
    'disable',
    'revoke',
    'reset',
    'resync',
    'setpin',
    'set',
    'challenges',
  ].map((name) => `/token/${name}`),
  '/auth',
  '/token/',
  '/token/T1',
  '/token/set/T1',
  '/token/challenges/T1',
];
const NAMES = [
  ...[
    'user',
    'realm',
    'resolver',
    'serial',
    'serials',
    'pass',
    'transaction_id',
    'state',
    'otponly',
    'type',
    'service_id',
  ],
  ...['username', 'password', 'otpkey', 'otpkeyformat', 'genkey', 'keysize', 'otplen', 'hashlib', 'pin', 'description'],
  ...[
    'timeStep',
    'phone',
    'email',
    'motppin',
    'rollover',
    'verify',
    '2stepinit',
    'tokenrealm',
    'validity_period_start',
  ],
  ...['otp1', 'otp2', 'otppin', 'count_window', 'sync_window', 'max_failcount', 'count_auth_max', 'page', 'pagesize'],
  ...[
    'sortby',
    'sortdir',
    'assigned',
    'active',
    'infokey',
    'infovalue',
    'container_serial',
    '__proto__',
    'constructor',
  ],
];

let stack: Stack;
let admin: Readonly<Record<string, string>>;

beforeAll(async () => {
  const environment = {
    VALIDATE_ACCESS: 'open',
    ATTEMPT_LIMITS: 'off',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  stack = await startStack({ root: join(import.meta.dirname, '../..'), environment });
  connectTo(stack.environment);
  const scenario = await readScenario(SCENE, Date.now());
  await seed(scenario, tablesOf(stack.environment));
  admin = await callersOf(tablesOf(stack.environment), scenario, Date.now)('admin');
});
afterAll(() => stack?.stop());

const value = fc.oneof(
  fc.constantFrom(
    'alice',
    'T1',
    'T1,T2',
    'NOPE',
    '',
    '0',
    '-1',
    '1',
    '99999999999999999999',
    'hotp',
    'totp',
    'true',
    '2026-13-40',
    '%',
    '*',
  ),
  fc.string(),
  fc.string({ unit: 'binary' }),
);
const jsonValue = fc.oneof(
  value,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(value, { maxLength: 3 }),
  fc.object({ maxDepth: 2 }),
);
const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...NAMES) }, fc.string());
const text = (given: string): string => encodeURIComponent(given.toWellFormed());
const encoded = fc.dictionary(name, value, { maxKeys: 6 }).map((given) =>
  Object.entries(given)
    .map(([key, one]) => `${text(key)}=${text(one)}`)
    .join('&'),
);

const body = fc.oneof(
  encoded.map((form) => ({ type: 'application/x-www-form-urlencoded', bytes: Buffer.from(form) })),
  fc
    .dictionary(name, jsonValue, { maxKeys: 6 })
    .map((json) => ({ type: 'application/json', bytes: Buffer.from(JSON.stringify(json)) })),
  fc.json().map((json) => ({ type: 'application/json', bytes: Buffer.from(json) })),
  fc
    .tuple(
      fc.constantFrom('application/json', 'multipart/form-data; boundary=x', 'text/plain', ''),
      fc.uint8Array({ maxLength: 60 }),
    )
    .map(([type, bytes]) => ({ type, bytes: Buffer.from(bytes) })),
);

it.each(ROUTES)(
  '%s answers every request with an envelope, and none with a 5xx',
  { timeout: TIMEOUT },
  async (route) => {
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST', 'POST', 'POST', 'DELETE', 'PUT'),
      query: encoded,
      body,
      as: fc.oneof(fc.constant(true), fc.string({ unit: 'grapheme-ascii' })),
    });
    await fuzz(route, request, 12, async ({ method, query, body: { type, bytes }, as }) => {
      const headers = { 'content-type': type, ...(as === true ? admin : { authorization: as }) };
      const path = query === '' ? route : `${route}?${query}`;
      const answer = await stack.http({ method, path, headers, body: bytes });
      expect(answer.statusCode, `${method} ${path} ${type} ${bytes.toString('base64')}: ${answer.body}`).toBeLessThan(
        500,
      );
      if (answer.body !== '') Envelope.parse(JSON.parse(answer.body));
    });
  },
);

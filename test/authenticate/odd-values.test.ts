/** Values that no client sends: too long for a key of a table, empty, not Unicode, of another kind. None is a 5xx. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { documentClient } from '../../lib/aws/clients.ts';
import { keys } from '../../lib/directory/items.ts';
import { ALICE, type Door, openDoor } from './front-door-stack.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor({
    tokens: [{ serial: 'SP1', tokentype: 'spass', user: ALICE, pin: '1234' }],
    admins: [{ username: 'ada', password: 'sesame' }],
  });
});
afterAll(() => door.stack.stop());

const ODD: readonly unknown[] = [
  'x'.repeat(1025),
  'x'.repeat(5000),
  `${'x'.repeat(255)}😀`,
  '界'.repeat(300),
  '\ud800',
  '\0',
  '',
  ' ',
  '@',
  '\\',
  '*',
  1,
  [],
  {},
  true,
];
const CALLS: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  [
    'POST',
    '/validate/check',
    {
      user: 'alice',
      realm: 'realm1',
      resolver: 'res1',
      serial: 'SP1',
      pass: '1',
      transaction_id: '1',
      service_id: '1',
      otponly: '1',
    },
  ],
  ['POST', '/validate/check', { user: 'alice', pass: '1', state: '1' }],
  ['POST', '/iam/validate/triggerchallenge', { user: 'alice', realm: 'realm1', serial: 'SP1', type: 'hotp' }],
  ['POST', '/auth', { username: 'ada', password: 'sesame', realm: '' }],
  [
    'POST',
    '/iam/token/init',
    {
      user: 'alice',
      realm: 'realm1',
      type: 'hotp',
      serial: 'NEW',
      pin: '1',
      otpkey: '00',
      genkey: '1',
      tokenrealm: 'realm1',
      container_serial: 'C',
      description: 'd',
      rollover: '1',
    },
  ],
  ['POST', '/iam/token/assign', { serial: 'SP1', user: 'alice', realm: 'realm1', resolver: 'res1', pin: '1' }],
  ['POST', '/iam/token/disable', { serial: 'SP1', serials: 'SP1', user: 'alice' }],
  [
    'POST',
    '/iam/token/set',
    {
      serial: 'SP1',
      description: 'd',
      count_window: '5',
      max_failcount: '5',
      hashlib: 'sha1',
      validity_period_end: '+1d',
    },
  ],
  ['POST', '/iam/token/setpin', { serial: 'SP1', otppin: '1' }],
  ['POST', '/iam/token/resync', { serial: 'SP1', otp1: '1', otp2: '2' }],
];
const cases = CALLS.flatMap(([method, path, fields]) =>
  Object.keys(fields).map((name) => [method, path, name, fields] as const),
);

it.each(cases)('%s %s answers odd values of %s', async (method, path, name, fields) => {
  const failing: unknown[] = [];
  for (const value of ODD) {
    const headers = { 'content-type': 'application/json' };
    const { statusCode } = await door.stack.http({
      method,
      path,
      headers,
      body: JSON.stringify({ ...fields, [name]: value }),
    });
    if (statusCode >= 500) failing.push([String(value).slice(0, 8), String(value).length, statusCode]);
  }
  expect(failing).toEqual([]);
});

it.each(['serial', 'user', 'realm', 'infokey', 'page', 'pagesize', 'transaction_id', 'sortby'])(
  'GET lists answer odd values of %s',
  async (name) => {
    const failing: unknown[] = [];
    for (const value of ODD.filter((one) => typeof one === 'string')) {
      for (const [path, others] of [
        ['/iam/token/', ''],
        ['/iam/token/challenges/', 'serial=SP1&'],
        ['/validate/polltransaction', ''],
      ]) {
        const { statusCode } = await door.stack.http({
          method: 'GET',
          path: `${path}?${others}${name}=${encodeURIComponent(String(value).toWellFormed())}`,
          headers: {},
          body: '',
        });
        if (statusCode >= 500) failing.push([path, String(value).slice(0, 8), String(value).length, statusCode]);
      }
    }
    expect(failing).toEqual([]);
  },
);

it('counts the failures of a user who is found by resolver, in any realm that the request names', async () => {
  const failures = async () => {
    const Key = keys.userByLogin({ login: 'alice', realm: 'realm1' });
    const { Item } = await documentClient().send(new GetCommand({ TableName: door.tables.directory, Key }));
    return Number(Item?.failures ?? 0);
  };
  const before = await failures();
  const answer = await door.check({ user: 'alice', realm: 'elsewhere', resolver: 'res1', pass: 'wrong' });
  expect(answer).toMatchObject({ status: 200, value: false });
  expect(await failures()).toBe(before + 1);
});

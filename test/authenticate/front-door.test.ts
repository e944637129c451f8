/** Where the front door differs from privacyIDEA, and the way from a login to its events and their definitions. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inEqualTime } from '../../lib/auth-api/routes/validate-check.ts';
import { settingsStore } from '../../lib/authenticate/settings-store.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { ALICE, type Door, openDoor } from './front-door-stack.ts';

const KEY = '3132333435363738393031323334353637383930';
const note = { at: '2026-12-01T12:00:00Z', by: 'test', how: 'apply', message: '' };

describe('no path lets guesses go uncounted', () => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor({
      tokens: [
        { serial: 'HO1', tokentype: 'hotp', user: ALICE, pin: '1234', otpkey: KEY, maxfail: 3 },
        { serial: 'SP1', tokentype: 'spass', user: ALICE, pin: 'spass', maxfail: 3 },
        { serial: 'RV1', tokentype: 'spass', user: ALICE, pin: 'gone', revoked: true },
      ],
    });
  });
  afterAll(() => door.stack.stop());

  it('counts one-time passwords that are tried without a PIN, and locks', async () => {
    for (let i = 0; i < 3; i += 1) {
      const refused = await door.check({ serial: 'HO1', pass: '000000', otponly: '1' });
      expect(refused).toMatchObject({ status: 200, value: false, message: 'OTP verification failed.' });
    }
    expect(await door.token('HO1')).toMatchObject({ failcount: 3 });
    const right = await door.check({ serial: 'HO1', pass: '755224', otponly: '1' });
    expect(right).toMatchObject({ value: false, message: 'Failcounter exceeded' });
  });

  it('takes nothing without a PIN from a token that has no one-time passwords', async () => {
    expect(await door.check({ serial: 'SP1', pass: '', otponly: '1' })).toMatchObject({ value: false });
    expect(await door.token('SP1')).toMatchObject({ failcount: 1 });
  });

  it('counts beside a revoked token', async () => {
    expect(await door.check({ user: 'alice', pass: 'wrong' })).toMatchObject({ status: 200, message: 'wrong otp pin' });
    expect(await door.token('SP1')).toMatchObject({ failcount: 2 });
  });
});

describe('bad parameters', () => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor({ tokens: [{ serial: 'SP1', tokentype: 'spass', user: ALICE, pin: '1234' }] });
  });
  afterAll(() => door.stack.stop());

  const json = async (body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await door.stack.http({ method: 'POST', path: '/validate/check', headers, body: text });
    return { status: answer.statusCode, code: JSON.parse(answer.body).result?.error?.code };
  };

  it.each([
    ['a number as pass', { user: 'alice', pass: 123456 }],
    ['a list as user', { user: ['alice'], pass: 'x' }],
    ['an object as serial', { serial: {}, pass: 'x' }],
    ['a number as transaction', { user: 'alice', pass: 'x', transaction_id: 1 }],
    ['a list in place of an object', '[]'],
  ])('answers %s with 400 or 404 and a code', async (_name, body) => {
    const { status, code } = await json(body);
    expect([400, 404]).toContain(status);
    expect(code).toBeGreaterThan(0);
    expect(await door.token('SP1')).toMatchObject({ failcount: 0 });
  });

  it.each([
    ['SP1,SP1', 200, undefined],
    ['SP1,', 200, undefined],
    [',', 404, 601],
  ])('reads the serial "%s" as privacyIDEA does: a list of one token is that token', async (serial, status, code) => {
    expect(await json({ serial, pass: '1234' })).toEqual({ status, code });
  });

  it('tells no thread', async () => {
    expect((await door.check({ user: 'alice', pass: '1234' })).detail).not.toHaveProperty('threadid');
  });
});

describe('a challenge', () => {
  let door: Door;
  beforeAll(async () => {
    const otpkey = Buffer.from('mysecret').toString('hex');
    door = await openDoor({ tokens: [{ serial: 'IX1', tokentype: 'indexedsecret', pin: '1234', otpkey }] });
  });
  afterAll(() => door.stack.stop());

  it('asks for positions of an indexed secret, in the text and as attributes, and takes their characters', async () => {
    const asked = await door.check({ serial: 'IX1', pass: '1234' });
    const { attributes, message, transaction_id } = asked.detail as {
      readonly attributes: { readonly random_positions: readonly number[] };
      readonly message: string;
      readonly transaction_id: string;
    };
    const [first = 0, second = 0] = attributes.random_positions;
    expect(message).toBe(`Please enter the characters at the positions ${first}, ${second} of your secret.`);
    const pass = `${'mysecret'[first - 1]}${'mysecret'[second - 1]}`;
    expect(await door.check({ serial: 'IX1', pass: '!!', transaction_id })).toMatchObject({ value: false });
    expect(await door.check({ serial: 'IX1', pass, transaction_id })).toMatchObject({ value: true });
  });
});

describe('hide_reason', () => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor({
      settings: { hide_reason: true },
      tokens: [
        { serial: 'HO1', tokentype: 'hotp', user: ALICE, pin: '1234', otpkey: KEY },
        { serial: 'SP9', tokentype: 'spass', user: ALICE, pin: 'x9', active: false },
      ],
    });
  });
  afterAll(() => door.stack.stop());

  it('answers every failure with the same text and status, after at least half a second', async () => {
    const tries: Record<string, string>[] = [
      { user: 'nobody', pass: '1234755224' },
      { user: 'alice', realm: 'nowhere', pass: 'x' },
      { serial: 'NOPE', pass: 'x' },
      { user: 'alice', pass: 'wrong755224' },
      { user: 'alice', pass: '1234000000' },
      { user: 'alice', pass: '1' },
      { serial: 'SP9', pass: 'x9' },
    ];
    const told = new Set<string>();
    for (const params of tries) {
      const began = performance.now();
      const { status, value, message, detail, error } = await door.check(params);
      const taken = performance.now() - began;
      expect(taken, JSON.stringify(params)).toBeGreaterThanOrEqual(499);
      told.add(JSON.stringify({ status, value, message, detail, error }));
    }
    expect([...told]).toEqual([
      '{"status":200,"value":false,"message":"wrong credentials","detail":{"message":"wrong credentials"}}',
    ]);
    expect(await door.token('HO1')).toMatchObject({ failcount: 3 });
  });

  it.each([
    [1, 500],
    [499.5, 500],
    [500, 500],
    [730, 1000],
  ])('ends what takes %d ms after %d, a fault too', async (taken, end) => {
    let now = 10_000;
    const time = {
      now: () => now,
      wait: async (ms: number) => {
        now += ms;
      },
    };
    const work = async () => {
      now += taken;
      throw new Error('a fault');
    };
    await expect(inEqualTime(work, time)).rejects.toThrow('a fault');
    expect(now - 10_000).toBe(end);
  });

  it('still accepts', async () => {
    expect(await door.check({ user: 'alice', pass: '1234755224' })).toMatchObject({ status: 200, value: true });
  });
});

describe('a table that cannot be reached', () => {
  it('is a 503 with Retry-After, and nothing is accepted', async () => {
    const tokens = [{ serial: 'SP1', tokentype: 'spass', user: ALICE, pin: '1234' }];
    const door = await openDoor({ tokens }, { environment: { AWS_MAX_ATTEMPTS: '2' } });
    try {
      expect(await door.check({ user: 'alice', pass: '1234' })).toMatchObject({ value: true });
      await door.stack.stop(); // the tables are gone; the function is still called in this process
      const answer = await door.check({ user: 'alice', pass: '1234' });
      expect(answer).toMatchObject({ status: 503, value: undefined, error: { code: -500 } });
      expect(answer.headers['retry-after']).toBe('5');
    } finally {
      await door.stack.stop();
    }
  });
});

describe('the whole loop', () => {
  it('goes from the request to the event, the definition, the token, and another answer to the next login', async () => {
    const disable = {
      id: 1,
      name: 'disable after a failure',
      event: ['validate_check'],
      action: 'disable',
      conditions: { result_value: 'False' },
    };
    const events: { source: string; 'detail-type': string; detail: unknown }[] = [];
    const door = await openDoor(
      { tokens: [{ serial: 'SP1', tokentype: 'spass', user: ALICE, pin: '1234' }], definitions: [disable] },
      { onEvent: (_bus, envelope) => void events.push(envelope) },
    );
    try {
      expect(await door.check({ user: 'alice', pass: '1234' })).toMatchObject({ value: true });
      await door.stack.idle();
      expect(await door.token('SP1')).toMatchObject({ active: true });
      expect(await door.check({ user: 'alice', pass: 'wrong' })).toMatchObject({ message: 'wrong otp pin' });
      // The event is on the bus before the answer is there.
      const raised = events.filter(({ source }) => source === 'tokenwright.auth');
      expect(raised).toHaveLength(2);
      expect(raised[1]).toMatchObject({
        'detail-type': 'validate_check',
        detail: {
          position: 'post',
          occurred_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          user: { login: 'alice', realm: 'realm1', resolver: 'res1' },
          request: { user: 'alice', realm: 'realm1' },
          response: { result: { status: true, value: false, authentication: 'REJECT' } },
        },
      });
      expect(JSON.stringify(raised)).not.toContain('wrong"');
      expect(JSON.stringify(raised)).not.toContain('"pass"');
      await door.stack.idle();
      expect(await door.token('SP1')).toMatchObject({ active: false });
      expect(await door.check({ user: 'alice', pass: '1234' })).toMatchObject({
        value: false,
        message: 'Token is disabled',
      });
      await door.check({ user: 'nobody', pass: 'x' });
      const fault = events.findLast(({ source }) => source === 'tokenwright.auth');
      expect(fault?.detail).toMatchObject({ response: { result: { status: false, error: { code: 904 } } } });
    } finally {
      await door.stack.stop();
    }
  });

  it('does pre definitions before it decides', async () => {
    const enable = {
      id: 1,
      name: 'enable before a login',
      event: ['validate_check'],
      position: 'pre',
      action: 'enable',
    };
    const tokens = [{ serial: 'SP1', tokentype: 'spass', user: ALICE, pin: '1234', active: false }];
    const door = await openDoor({ tokens, definitions: [enable] });
    try {
      expect(await door.check({ user: 'alice', pass: '1234' })).toMatchObject({ value: true });
    } finally {
      await door.stack.stop();
    }
  });
});

describe('settings', () => {
  it('are versions of one document: a conflict is refused, a fault named', async () => {
    const door = await openDoor({ tokens: [] });
    try {
      const store = settingsStore(documentClient(), door.tables.definitions);
      const { version } = await store.current();
      expect(await store.apply({ AutoResync: true }, version, note)).toBe(version + 1);
      await expect(store.apply({}, version, note)).rejects.toMatchObject({ code: 'settings_changed' });
      await expect(store.apply({ AutoSync: true }, version + 1, note)).rejects.toThrow(/AutoSync/);
      expect((await store.history()).map(({ document }) => document)[0]).toEqual({ AutoResync: true });
    } finally {
      await door.stack.stop();
    }
  });
});

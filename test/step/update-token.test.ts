import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChangingAction } from '../../lib/action/action.ts';
import { changeFailcounter } from '../../lib/action/actions/change-failcounter.ts';
import { deleteToken } from '../../lib/action/actions/delete.ts';
import { disable } from '../../lib/action/actions/disable.ts';
import { enable } from '../../lib/action/actions/enable.ts';
import { setRandomPin } from '../../lib/action/actions/set-random-pin.ts';
import { setTokeninfo } from '../../lib/action/actions/set-tokeninfo.ts';
import { parseOptions } from '../../lib/action/options.ts';
import { parseClauses } from '../../lib/condition/clause.ts';
import { secretDeriver } from '../../lib/secret/derive.ts';
import { hashPin } from '../../lib/secret/pin.ts';
import type { UpdateStep, UpdateTools } from '../../lib/step/step.ts';
import { updateToken } from '../../lib/step/update-token.ts';
import { DEFAULT_LEDGER_LIMITS } from '../../lib/token/ledger.ts';
import { newRecord, viewToken } from '../../lib/token/record.ts';
import { type TokenStore, tokenStore } from '../../lib/token/store.ts';
import { startDynamodb, TABLE } from '../support/dynamodb.ts';
import { memoryBox } from '../support/secrets.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const DAY = 86_400_000;

let database: Awaited<ReturnType<typeof startDynamodb>>;
let store: TokenStore;
let serial: string;
let tokens = 0;

beforeAll(async () => {
  database = await startDynamodb();
  store = tokenStore(database.documents, TABLE);
});
afterAll(() => database.stop());
beforeEach(async () => {
  tokens += 1;
  serial = `T${tokens}`;
  await store.create(newRecord({ serial, tokentype: 'hotp' }));
});

/** HMAC-SHA-256 under a key of the tests, in place of KMS. */
async function testMac(message: string): Promise<Uint8Array> {
  const { createHmac } = await import('node:crypto');
  return createHmac('sha256', 'the key of the tests').update(message).digest();
}

const directory = {
  realms: async () => ({ realm1: ['resolver1'] }),
  hasTokengroup: async () => false,
  ownerEntry: async () => null,
  container: async () => null,
  containerOfToken: async () => null,
};

function deps(overrides: Partial<UpdateTools> = {}): UpdateTools {
  return {
    tokens: store,
    tools: {
      directory,
      secrets: secretDeriver(testMac),
      box: memoryBox(),
      hashPin,
      putIntoContainer: async () => undefined,
      issuer: 'Tokenwright',
    },
    loadFacts: () => Promise.reject(new Error('no condition, no facts')),
    timezone: 'UTC',
    now: () => NOW,
    limits: DEFAULT_LEDGER_LIMITS,
    pause: async () => undefined,
    ...overrides,
  };
}

function step(
  action: ChangingAction,
  id: string,
  options: Record<string, unknown> = {},
  more: Partial<UpdateStep> = {},
): UpdateStep {
  const parsed = parseOptions(action, options);
  if (!parsed.ok) throw parsed.errors[0];
  const event = { id: `event of ${id}`, name: 'token_init', time: NOW };
  return {
    subject: { id, event, definition: { id: 1, name: 'd' }, action: action.name, serial },
    action,
    options: parsed,
    clauses: [],
    stamp: { time: NOW, ordering: 0, definition: 1, event: event.id },
    laterSteps: [],
    user: undefined,
    client_ip: null,
    user_agent: null,
    ...more,
  };
}

function occurredAt(time: number, base: UpdateStep): UpdateStep {
  return {
    ...base,
    subject: { ...base.subject, event: { ...base.subject.event, time } },
    stamp: { ...base.stamp, time },
  };
}

async function readToken() {
  const record = await store.read(serial);
  return record && record.deletedAt === null ? viewToken(record) : null;
}

const NO_EVENT = {
  now: NOW,
  timezone: 'UTC',
  event: { client_ip: null, logged_in_user: undefined, response: null },
};

/** What the step announces. */
async function run(...given: Parameters<typeof updateToken>) {
  return (await updateToken(...given)).outcome;
}

describe('updateToken', () => {
  it('does a step once, however often it is delivered, and announces it again with the same content', async () => {
    const increase = step(changeFailcounter, 's1', { 'change fail counter': '+3' });
    const first = await run(increase, deps());
    const second = await run(increase, deps());
    expect(first).toMatchObject({ id: 's1', status: 'done', changes: { failcount: [0, 3] } });
    expect(second).toEqual(first);
    expect((await readToken())?.failcount).toBe(3);
  });

  it('does not change a token that is no longer in the state that its bulk run targets', async () => {
    const walked = (state: 'disabled' | 'unassigned', id: string) =>
      run(step(changeFailcounter, id, { 'change fail counter': '+1' }, { state }), deps());
    expect(await walked('disabled', 'w1')).toMatchObject({ status: 'skipped', reason: { code: 'not_targeted' } });
    expect(await walked('unassigned', 'w2')).toMatchObject({ status: 'done' });
    await run(step(disable, 'off'), deps());
    expect(await walked('disabled', 'w3')).toMatchObject({ status: 'done' });
    expect((await readToken())?.failcount).toBe(2);
  });

  it('keeps the tombstone for 30 days from the write, even if the deleting event is weeks late', async () => {
    await run(occurredAt(NOW - 40 * DAY, step(deleteToken, 'late')), deps());
    const { Item } = await database.documents.send(new GetCommand({ TableName: TABLE, Key: { serial } }));
    expect(Item).toMatchObject({ deleted_at: NOW - 40 * DAY, expires: Date.parse('2026-04-14T10:20:30Z') / 1000 });
  });

  it('does not let a late redelivery of "disable" undo a later "enable"', async () => {
    const off = step(disable, 'off');
    const on = occurredAt(NOW + 1000, step(enable, 'on'));
    await run(off, deps());
    await run(on, deps());
    await run(off, deps());
    expect((await readToken())?.active).toBe(true);
  });

  it('does not change what a younger event has set already', async () => {
    await run(occurredAt(NOW + 1000, step(enable, 'on')), deps());
    expect(await run(step(disable, 'off'), deps())).toMatchObject({
      status: 'skipped',
      reason: { code: 'superseded' },
    });
  });

  it('reads the token again if another writer has changed it in between', async () => {
    let interfered = false;
    const meddling: UpdateTools['tokens'] = {
      read: (one) => store.read(one),
      async replace(before, after) {
        if (!interfered) {
          interfered = true;
          await run(step(changeFailcounter, 'other', { 'change fail counter': '5' }), deps());
        }
        return store.replace(before, after);
      },
    };
    const outcome = await run(
      step(changeFailcounter, 'mine', { 'change fail counter': '1' }),
      deps({ tokens: meddling }),
    );
    expect(outcome).toMatchObject({ status: 'done', changes: { failcount: [5, 6] } });
  });

  it('refuses a step that is older than the ledger reaches', async () => {
    const record = await store.read(serial);
    if (!record) throw new Error('the token is there');
    await store.replace(record, { ...record, version: record.version + 1, lowWatermark: NOW - DAY });
    const late = occurredAt(NOW - DAY, step(disable, 'late'));
    expect(await run(late, deps())).toMatchObject({ status: 'failed', reason: { code: 'too_old' } });
    expect((await readToken())?.active).toBe(true);
  });

  it("refuses an event that is more than five minutes ahead, so that a sender's wrong clock cannot freeze a token", async () => {
    const ahead = occurredAt(NOW + 5 * 60_000 + 1, step(disable, 'ahead'));
    expect(await run(ahead, deps())).toMatchObject({ status: 'failed', reason: { code: 'bad_time' } });
    const within = occurredAt(NOW + 5 * 60_000, step(disable, 'within'));
    expect(await run(within, deps())).toMatchObject({ status: 'done' });
  });

  it('does not decide a skipped step again once a later step of its slip is applied', async () => {
    await run(step(enable, 'later'), deps());
    expect(await run(step(disable, 'earlier', {}, { laterSteps: ['later'] }), deps())).toBeNull();
    expect((await readToken())?.active).toBe(true);
  });

  it('returns the verdict on each clause, also after one that does not pass, and none when it is repeated', async () => {
    const wanted = { conditions: { failcounter: '>5', tokentype: 'hotp' }, unless: {}, when_missing: 'hold' } as const;
    const { clauses } = parseClauses(wanted);
    const facts = (failcount: number): Partial<UpdateTools> => ({
      loadFacts: async (_clauses, record) => ({ ...NO_EVENT, token: { ...viewToken(record), failcount } }),
    });
    const off = step(disable, 'evaluated', {}, { clauses });
    const skipped = await updateToken(off, deps(facts(5)));
    expect(skipped.verdicts.map(({ passes, saw }) => [passes, saw])).toEqual([
      [false, 5],
      [true, 'hotp'],
    ]);
    const done = await updateToken(off, deps(facts(6)));
    expect(done).toMatchObject({ isRepeated: false, outcome: { status: 'done' } });
    expect(done.verdicts.map(({ passes, saw }) => [passes, saw])).toEqual([
      [true, 6],
      [true, 'hotp'],
    ]);
    expect(await updateToken(off, deps(facts(5)))).toEqual({ outcome: done.outcome, verdicts: [], isRepeated: true });
  });

  it('fails for a token that is not there', async () => {
    serial = 'NOPE';
    expect(await run(step(disable, 's'), deps())).toMatchObject({
      status: 'failed',
      serial: 'NOPE',
      reason: { code: 'unknown_token' },
    });
  });

  it('deletes once: the second delivery does not fail, and another event finds no token', async () => {
    const remove = step(deleteToken, 'gone');
    expect(await run(remove, deps())).toMatchObject({ status: 'done', changes: { deleted: [false, true] } });
    expect(await run(remove, deps())).toMatchObject({ status: 'done', changes: { deleted: [false, true] } });
    expect(await run(step(disable, 'after'), deps())).toMatchObject({ reason: { code: 'unknown_token' } });
  });

  it('announces the same outcome again if the sender repeats the event with another time', async () => {
    const first = step(setRandomPin, 'repeated');
    const announced = await run(first, deps());
    expect(await run(occurredAt(NOW + 400, first), deps())).toEqual(announced);
  });

  it('does not apply a late step of a deleted token to the new token at its serial', async () => {
    await run(step(deleteToken, 'gone'), deps());
    expect(await store.create(newRecord({ serial, tokentype: 'totp' }))).toBe(true);
    const late = occurredAt(NOW - 1000, step(disable, 'late'));
    expect(await run(late, deps())).toMatchObject({ status: 'failed', reason: { code: 'too_old' } });
    expect(await readToken()).toMatchObject({ tokentype: 'totp', active: true });
    expect(await store.create(newRecord({ serial, tokentype: 'sms' }))).toBe(false);
  });

  it('announces the same PIN on a redelivery, and none once the PIN has changed', async () => {
    const first = step(setRandomPin, 'pin-1', { length: '12' });
    const announced = await run(first, deps());
    expect(announced?.response?.detail.pin).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(await run(first, deps())).toEqual(announced);
    await run(occurredAt(NOW + 1000, step(setRandomPin, 'pin-2')), deps());
    expect(await run(first, deps())).toMatchObject({ status: 'done', response: null });
  });

  it('stores a PIN only as a salted hash', async () => {
    const outcome = await run(step(setRandomPin, 'pin', { length: '31' }), deps());
    const record = await store.read(serial);
    expect(record?.pinHash).toMatch(/^scrypt\$8192\$8\$1\$/);
    expect(JSON.stringify(record)).not.toContain(outcome?.response?.detail.pin);
  });

  it.each([
    ['a dot', 'a.b'],
    ['a blank', 'with blank'],
    ['a hash', '#hash'],
    ['a colon', ':colon'],
    ['10,000 letters', 'x'.repeat(10_000)],
    ["an object's own name", 'constructor'],
  ])('writes a tokeninfo key with %s as it stands', async (_name, key) => {
    await run(step(setTokeninfo, 'info', { key, value: 'v' }), deps());
    expect(Object.entries((await readToken())?.info ?? {})).toEqual([[key, 'v']]);
  });

  it('fails without a retry if the token would not fit into an item', async () => {
    const huge = step(setTokeninfo, 'huge', { key: 'k', value: 'v'.repeat(410_000) });
    expect(await run(huge, deps())).toMatchObject({ status: 'failed', reason: { code: 'token_too_large' } });
  });
});

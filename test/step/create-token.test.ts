/**
 * test/step proves that a step is done exactly once, on a real table: redeliveries, competing writers, refusals.
 *
 * Here: steps that create a token.
 */
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enroll } from '../../lib/action/actions/enroll.ts';
import { parseOptions } from '../../lib/action/options.ts';
import { pauseWithJitter } from '../../lib/base/concurrency.ts';
import { parseClauses } from '../../lib/condition/clause.ts';
import type { Facts } from '../../lib/condition/condition.ts';
import { compileDefinition } from '../../lib/definition/compile.ts';
import type { Slip } from '../../lib/event/slip.ts';
import { secretDeriver } from '../../lib/secret/derive.ts';
import { createToken } from '../../lib/step/create-token.ts';
import { reservations } from '../../lib/step/reservation-store.ts';
import { runBareCreation } from '../../lib/step/run-bare-step.ts';
import { runSlipStep, type StepRuntime } from '../../lib/step/run-slip.ts';
import type { CreationStep, CreationTools } from '../../lib/step/step.ts';
import { DEFAULT_LEDGER_LIMITS } from '../../lib/token/ledger.ts';
import { newRecord } from '../../lib/token/record.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { createPkSkTable, startDynamodb, TABLE } from '../support/dynamodb.ts';
import { memoryBox } from '../support/secrets.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const ada = { login: 'ada', realm: 'staff', resolver: 'ldap', uid: '7' };
const { clauses } = parseClauses({ conditions: { user_token_number: '0' }, unless: {}, when_missing: 'hold' });

let database: Awaited<ReturnType<typeof startDynamodb>>;
beforeAll(async () => {
  database = await startDynamodb();
  await createPkSkTable(database.documents, 'directory');
});
afterAll(() => database.stop());

/** What the step announces. */
async function run(...given: Parameters<typeof createToken>) {
  return (await createToken(...given)).outcome;
}

/** Tools whose index of the user's tokens never shows one, as if it lagged behind for the whole test. */
function deps(): CreationTools {
  return {
    tokens: tokenStore(database.documents, TABLE),
    reservations: reservations(database.documents, 'directory', () => NOW),
    tools: {
      directory: {
        realms: async () => ({}),
        hasTokengroup: async () => false,
        ownerEntry: async () => null,
        container: async () => null,
        containerOfToken: async () => null,
      },
      secrets: secretDeriver(async (message) => Buffer.from(message.padEnd(64).slice(-64))),
      box: memoryBox(),
      hashPin: async (pin) => pin,
      issuer: 'Example Org',
      putIntoContainer: async () => undefined,
    },
    loadFacts: async (_clauses, _about, user) => ({
      now: NOW,
      timezone: 'UTC',
      event: { client_ip: null, logged_in_user: undefined, response: null },
      user,
      user_tokens: [],
    }),
    timezone: 'UTC',
    now: () => NOW,
    limits: DEFAULT_LEDGER_LIMITS,
    pause: pauseWithJitter,
  };
}

function step(id: string, uid: string, tokentype = 'hotp'): CreationStep {
  const options = parseOptions(enroll, { tokentype, user: true });
  if (!options.ok) throw options.errors[0];
  return {
    subject: { id, event: { id, name: 'login', time: NOW }, definition: null, action: 'enroll', serial: null },
    action: enroll,
    options,
    clauses,
    stamp: { time: NOW, ordering: 0, definition: 1, event: id },
    user: { ...ada, uid },
    client_ip: null,
    user_agent: null,
    about: [],
    container_serial: null,
    laterSteps: async () => [],
  };
}

describe('the first token of a user', () => {
  it('is created once by ten steps at once, although the index of their tokens shows none yet', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        // Retries whatever throws, as Lambda does.
        for (let delivery = 1; ; delivery += 1) {
          try {
            return await run(step(`at once ${i}`, '7'), deps());
          } catch (error) {
            if (delivery === 20) throw error;
          }
        }
      }),
    );
    expect(outcomes.filter((outcome) => outcome?.status === 'done')).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => outcome?.reason?.code === 'condition' && outcome.reason.saw === 1),
    ).toHaveLength(9);
  });

  it('is announced with the same outcome if its step is delivered twice at once', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => run(step('twice', '8'), deps())));
    expect(one).toMatchObject({ status: 'done', response: { detail: { type: 'hotp' } } });
    expect(other).toEqual(one);
    expect(JSON.stringify(one)).toContain('otpauth://hotp/Example%20Org:OATH');
  });
});

describe('a reservation', () => {
  it('is released if the token is not created after all, so that the next step does not wait for it', async () => {
    const two = [1, 2].map(
      (i) => newRecord({ serial: `HERS${i}`, tokentype: 'hotp', user: { ...ada, uid: '9' } }).token,
    );
    let asked = 0;
    const given = { ...deps(), loadFacts: withTokens(() => (++asked === 1 ? [] : two)) };
    const outcome = await run(step('refused', '9'), given);
    expect(outcome).toMatchObject({ status: 'skipped', reason: { condition: 'user_token_number', saw: 2 } });
    const next = { step: 'the next one', serial: 'NEXT', made: [] };
    expect(await given.reservations.take({ ...ada, uid: '9' }, next)).toBeNull();
  });
});

describe('a refused enrolment', () => {
  it('leaves neither a token nor a reservation behind', async () => {
    const outcome = await run(step('no phone', '11', 'sms'), deps());
    expect(outcome).toMatchObject({ status: 'failed', serial: null, reason: { code: 'missing_phone' } });
    const tokens = await database.documents.send(new ScanCommand({ TableName: TABLE }));
    expect(tokens.Items?.filter(({ tokentype }) => tokentype === 'sms')).toEqual([]);
    const reserved = await database.documents.send(new ScanCommand({ TableName: 'directory' }));
    expect(reserved.Items?.filter(({ step }) => step === 'no phone')).toEqual([]);
  });
});

function withTokens(user_tokens: () => Facts['user_tokens']): CreationTools['loadFacts'] {
  return async (...asked) => ({ ...(await deps().loadFacts(...asked)), user_tokens: user_tokens() });
}

describe('two deliveries of a step at once', () => {
  it('both announce the token, even if the slower one counts it already', async () => {
    const first = await run(step('counted', '10'), deps());
    const { token } = (await deps().tokens.read(first?.serial ?? '')) ?? {};
    // The slower one looks for the token before the other one has created it.
    let looked = 0;
    const given = deps();
    const late: CreationTools['tokens'] = {
      ...given.tokens,
      read: async (serial) => (serial === first?.serial && ++looked === 1 ? undefined : given.tokens.read(serial)),
    };
    const second = await run(step('counted', '10'), {
      ...given,
      tokens: late,
      loadFacts: withTokens(() => token && [token]),
    });
    expect(second).toEqual(first);
  });
});

describe('two steps of one slip', () => {
  it('the first, once skipped, is not decided again when the second has created its token', async () => {
    const store = tokenStore(database.documents, TABLE);
    await store.create(newRecord({ serial: 'LOST', tokentype: 'hotp', failcount: 3 }));
    const bodies = [
      {
        name: 'after five',
        action: 'enroll',
        event: 'lost',
        options: { tokentype: 'pw' },
        conditions: { failcounter: '>=5' },
      },
      { name: 'always', action: 'enroll', event: 'lost', options: { tokentype: 'registration' } },
    ];
    const compiled = await Promise.all(
      bodies.map((body, i) => compileDefinition({ id: i + 1, version: 1, body: { id: i + 1, ...body } })),
    );
    const runtime = {
      ...deps(),
      definitions: { byVersion: async (id: number) => compiled[id - 1] },
    } as unknown as StepRuntime;
    const slip: Slip = {
      action: 'enroll',
      event: { id: 'lost', name: 'lost', source: 'idp', position: 'post', time: NOW },
      serial: null,
      about: ['LOST'],
      facts: {},
      steps: bodies.map(({ action, conditions }, i) => ({
        definition: i + 1,
        version: 1,
        action,
        open: conditions ? [0] : [],
      })),
      at: 0,
    };
    const skipped = await runSlipStep(slip, enroll, runtime);
    expect(skipped.outcome).toMatchObject({ status: 'skipped', reason: { saw: 3 } });
    if (!skipped.next) throw new Error('the slip does not go on');
    const { outcome: made } = await runSlipStep(skipped.next, enroll, runtime);
    expect(made).toMatchObject({ status: 'done' });
    const record = await store.read('LOST');
    if (record)
      await store.replace(record, { ...record, version: record.version + 1, token: { ...record.token, failcount: 7 } });
    const { outcome, next } = await runSlipStep(slip, enroll, runtime);
    expect({ outcome, next }).toEqual({ outcome: null, next: skipped.next });
    expect((await runSlipStep(skipped.next, enroll, runtime)).outcome).toEqual(made);
  });
});

describe('a redelivery', () => {
  it.each(['pin', 'otpkey'])('announces nothing more once another step has set the %s', async (path) => {
    const first = await run(step(`changed ${path}`, path), deps());
    const given = deps();
    const changed: CreationTools['tokens'] = {
      ...given.tokens,
      read: async (serial) => {
        const record = await tokenStore(database.documents, TABLE).read(serial);
        const later = { time: NOW + 1, ordering: 0, definition: 2, event: 'later' };
        return record && { ...record, stamps: { ...record.stamps, [path]: later } };
      },
    };
    const again = await run(step(`changed ${path}`, path), { ...given, tokens: changed });
    expect(first?.response).not.toBeNull();
    expect(again).toEqual({ ...first, response: null });
  });
});

describe('the bare form', () => {
  it('creates one token for its event, however many tokens it names and however often it comes', async () => {
    const bare = {
      action: 'enroll',
      options: { tokentype: 'hotp' },
      serials: ['A', 'B'],
      event: { id: 'bare', name: 'login', time: NOW },
    };
    const runtime = deps() as unknown as StepRuntime;
    const first = await runBareCreation(bare, enroll, runtime);
    expect(first).toMatchObject({ status: 'done', definition: null, response: { detail: { type: 'hotp' } } });
    expect(await runBareCreation(bare, enroll, runtime)).toEqual(first);
  });
});

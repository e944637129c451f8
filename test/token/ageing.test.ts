/**
 * test/token proves that a token's item keeps every change once, in the order of the events, and stays small.
 *
 * Weeks on one token: what its item keeps, and what a step costs by DynamoDB's own count.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyAction } from '../../lib/action/action.ts';
import { increaseTokeninfo } from '../../lib/action/actions/increase-tokeninfo.ts';
import { setValidity } from '../../lib/action/actions/set-validity.ts';
import { parseOptions } from '../../lib/action/options.ts';
import type { UpdateStep, UpdateTools } from '../../lib/step/step.ts';
import { updateToken } from '../../lib/step/update-token.ts';
import { DEFAULT_LEDGER_LIMITS } from '../../lib/token/ledger.ts';
import { newRecord } from '../../lib/token/record.ts';
import { type TokenStore, tokenStore } from '../../lib/token/store.ts';
import { startDynamodb, TABLE } from '../support/dynamodb.ts';

const START = Date.parse('2026-03-01T00:00:00Z');
const DAY = 86_400_000;

let database: Awaited<ReturnType<typeof startDynamodb>>;
let store: TokenStore;
const consumed: { command: string; units: number }[] = [];

beforeAll(async () => {
  database = await startDynamodb();
  database.documents.middlewareStack.add(
    (next, context) => async (args) => {
      const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' as const };
      const result = await next({ ...args, input });
      const { ConsumedCapacity } = result.output as { ConsumedCapacity?: { CapacityUnits?: number } };
      consumed.push({ command: context.commandName ?? '', units: ConsumedCapacity?.CapacityUnits ?? 0 });
      return result;
    },
    { step: 'initialize' },
  );
  store = tokenStore(database.documents, TABLE);
});
afterAll(() => database.stop());

const OWNER = { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' };
const TYPICAL = {
  tokentype: 'totp',
  user: OWNER,
  info: { hashlib: 'sha1', timeStep: '30', timeWindow: '180', last_auth: '2026-03-15 10:20' },
};

function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** So many steps a day, evenly; each event is handled as it occurs. */
async function live(
  serial: string,
  action: AnyAction,
  options: Record<string, unknown>,
  days: number,
  stepsADay: number,
) {
  await store.create(newRecord({ serial, ...TYPICAL }));
  const parsed = parseOptions(action, options);
  if (!parsed.ok) throw parsed.errors[0];
  let longest = 0;
  consumed.length = 0;
  for (let i = 0; i < days * stepsADay; i += 1) {
    const time = START + Math.floor((i * DAY) / stepsADay);
    const event = { id: uuid(`${serial} ${i}`), name: 'validate_check', time };
    const step: UpdateStep = {
      subject: { id: `${serial} step ${i}`, event, definition: { id: 1, name: 'd' }, action: action.name, serial },
      action,
      options: parsed,
      clauses: [],
      stamp: { time, ordering: 0, definition: 1, event: event.id },
      laterSteps: [],
      user: undefined,
      client_ip: null,
      user_agent: null,
    } as UpdateStep;
    const tools = { tokens: store, tools: {}, timezone: 'UTC', now: () => time, limits: DEFAULT_LEDGER_LIMITS };
    const { outcome } = await updateToken(step, tools as unknown as UpdateTools);
    expect(outcome).toMatchObject({ status: 'done' });
    longest = Math.max(longest, (await store.read(serial))?.ledger.length ?? 0);
  }
  const units = consumed.filter(({ command }) => command.startsWith('Update')).map(({ units }) => units);
  return { record: await store.read(serial), longest, writes: units.length, most: Math.max(...units) };
}

describe('a token that lives for weeks', () => {
  it('costs one write unit a step where five steps a day are done to it', async () => {
    const { record, longest, writes, most } = await live('calm', setValidity, { 'valid till': '+30d' }, 21, 5);
    expect({ writes, most, longest }).toEqual({ writes: 105, most: 1, longest: 21 });
    expect(Object.keys(record?.stamps ?? {})).toEqual(['info.validity_period_end']);
    expect(record?.lowWatermark).toBe(START + 21 * DAY - 4 * DAY - DAY / 5 - DAY / 5);
  });

  it('keeps four days of a busy one, and no more', async () => {
    const busy = await live('busy', increaseTokeninfo, { key: 'logins' }, 6, 40);
    expect(busy.record?.token.info.logins).toBe('240');
    expect(busy.longest).toBe(161);
    expect(busy.most).toBe(8);
  });
});

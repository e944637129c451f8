/**
 * Runs the functions for our own events, bulk runs and the storing of outcomes, on hostile variants of them. Each answers, or
 * refuses with a code; a stored outcome can be read again, without its secrets.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PART_OF_SECRET, SCENARIO, SECRET, USER } from './good.ts';
import { fuzz, TIMEOUT } from './runs.ts';
import { type FuzzStage, NOW, startStage } from './stage.ts';
import { variantsOf } from './variants.ts';

let stage: FuzzStage;
beforeAll(async () => {
  stage = await startStage(SCENARIO);
});
afterAll(() => stage?.stop());

describe('bulk', () => {
  const envelope = (detail: object) => ({ source: 'tokenwright', 'detail-type': 'token.bulk', detail });

  /** A run with its own definition, so that no other run blocks it. */
  const runOf = (number: number) => ({
    id: `run ${number}`,
    definition: { id: number, name: 'all' },
    target: 'unassigned',
    slip: {
      action: 'disable',
      event: { id: 'e1', name: 'auth', source: 'idp', position: 'post', time: NOW },
      serial: null,
      user: USER,
      facts: { client_ip: '10.0.0.1', user_agent: 'Mozilla/5.0' },
      steps: [{ definition: 1, version: 1, action: 'disable', open: [0] }],
      at: 0,
    },
  });
  const startOf = (number: number) => envelope({ run: runOf(number) });
  const turnOf = (number: number) =>
    envelope({
      run: runOf(number),
      lane: 0,
      turn: 0,
      counts: { found: 0, done: 0, skipped: 0, failed: 0, deferred: 0 },
      rest: ['T1', 'T-1'],
    });

  it('starts the good run, and hands out its next page', async () => {
    expect(await stage.call('bulk', startOf(100))).toMatchObject({
      refusal: null,
      put: expect.toSatisfy((n) => n > 0),
    });
    expect(await stage.call('bulk', turnOf(100))).toMatchObject({ refusal: null, put: 1 });
  });

  it('survives hostile starts', { timeout: TIMEOUT }, async () => {
    const starts = fc.integer({ min: 1000, max: 9_000_000 }).chain((number) => variantsOf(startOf(number)));
    await fuzz('starts of bulk runs', starts, 40, async (event) => {
      await stage.call('bulk', event);
    });
  });

  it('survives hostile turns of runs that are under way', { timeout: TIMEOUT }, async () => {
    const turns = fc
      .integer({ min: 10_000_000, max: 90_000_000 })
      .chain((number) => fc.record({ start: fc.constant(startOf(number)), turn: variantsOf(turnOf(number)) }));
    await fuzz('turns of bulk runs', turns, 40, async ({ start, turn }) => {
      expect((await stage.call('bulk', start)).refusal).toBeNull();
      await stage.call('bulk', turn);
    });
  });
});

describe('record-outcomes', () => {
  const outcomeOf = (id: string) => ({
    source: 'tokenwright',
    'detail-type': 'token.action.done',
    detail: {
      id,
      status: 'done',
      event: { id: 'e1', name: 'auth', time: '2026-03-15T10:20:30Z' },
      definition: { id: 1, name: 'set random pin' },
      action: 'set random pin',
      serial: 'T1',
      changes: { pin_set: [false, true], 'info.seen': ['1', '2'] },
      response: { detail: { pin: SECRET } },
      reason: { code: 'condition', message: 'why', condition: 'failcounter' },
    },
  });

  /** The parts that anybody may read. */
  const readKept = async (): Promise<string> => {
    const { result } = await stage.call('http/tokens', {
      version: '2.0',
      routeKey: 'GET /tokens/{serial}/outcomes',
      requestContext: { timeEpoch: NOW },
      pathParameters: { serial: 'T1' },
      queryStringParameters: { limit: '100' },
      isBase64Encoded: false,
    });
    const { statusCode, body } = result as { statusCode: number; body: string };
    expect(statusCode).toBe(200);
    expect(body).not.toMatch(PART_OF_SECRET);
    return body;
  };

  it('keeps the good outcome without its response', async () => {
    expect(await stage.call('record-outcomes', outcomeOf('good'))).toMatchObject({ refusal: null });
    expect(JSON.parse(await readKept())).toMatchObject({ outcomes: [{ id: 'good', status: 'done' }] });
  });

  it('survives hostile outcomes, and what it keeps can be read', { timeout: TIMEOUT }, async () => {
    const outcomes = fc.uuid().chain((id) => variantsOf(outcomeOf(id)));
    await fuzz('outcomes', outcomes, 60, async (event) => {
      await stage.call('record-outcomes', event);
      await readKept();
    });
  });
});

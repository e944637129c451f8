/**
 * No secret is anywhere but in the `response` of an outcome: unique ones go in by every way there is, and everything
 * that the run wrote is searched for each of them, as text, as bytes, and in the encodings that hide it from the eye.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { OutcomeLog, playEvent } from '../../cli/play.ts';
import { readScenario } from '../../cli/scenario.ts';
import { seed } from '../../cli/seed.ts';
import { tablesOf } from '../../cli/tables.ts';
import { startStack } from '../../infra/local/stack.ts';
import { setProcessClock } from '../../lib/clock.ts';
import type { Outcome } from '../../lib/event/outcome.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const hex = (text: string): string => Buffer.from(text).toString('hex');

/** What goes in, by the way that it takes. */
const GIVEN = {
  importedKey: 'imported-key-of-20-b',
  importedPin: 'imported-pin-4711',
  definedKey: 'defined-key-of-20-by',
  keyInText: 'key-in-text-of-20-by',
  definedPin: 'defined-pin-4712',
  motpPin: '471347134713',
  sentPass: 'sent-pass-4714',
  sentKey: 'sent-otpkey-4715',
  sentPin: 'sent-pin-4716',
  malformedPass: 'malformed-pass-4717',
};

const SCENARIO = {
  realms: { realm1: ['resolver1'] },
  users: [{ login: 'ada', realm: 'realm1', resolver: 'resolver1', uid: '1' }],
  tokens: [
    { serial: 'T1', tokentype: 'hotp', otpkey: hex(GIVEN.importedKey), pin: GIVEN.importedPin },
    { serial: 'T2', tokentype: 'hotp' },
  ],
  definitions: [
    enrolment(1, 'one', { tokentype: 'totp', additional_params: { genkey: 0, otpkey: hex(GIVEN.definedKey) } }),
    enrolment(2, 'two', {
      tokentype: 'hotp',
      additional_params: `{"genkey": 0, "otpkey": "${hex(GIVEN.keyInText)}", "pin": "${GIVEN.definedPin}"}`,
    }),
    enrolment(3, 'three', { tokentype: 'motp', motppin: GIVEN.motpPin }),
    ...['registration', 'pw', 'paper', 'tan', 'totp'].map((tokentype, i) =>
      enrolment(10 + i, tokentype, { tokentype }),
    ),
    { id: 20, event: 'token_assign', action: 'set random pin', options: { length: 20 } },
    { ...enrolment(21, 'before', { tokentype: 'registration' }), position: 'pre' },
  ],
  events: [
    ...['one', 'two', 'three', 'registration', 'pw', 'paper', 'tan', 'totp'].map((name) => event(name)),
    event('token_assign', { serial: 'T2' }),
    event('before', { position: 'pre' }),
    event('one', {
      request: { pass: GIVEN.sentPass, otpkey: GIVEN.sentKey, nested: { PIN: GIVEN.sentPin } },
    }),
  ].map((one, i) => ({ ...one, id: `event-${i}`, time: '2026-03-15T10:20:30Z' })),
};

function enrolment(id: number, name: string, options: Record<string, unknown>) {
  return { id, name, event: name, action: 'enroll', options: { user: true, ...options } };
}

function event(name: string, detail: Record<string, unknown> = {}) {
  return { 'detail-type': name, detail: { user: { login: 'ada', realm: 'realm1' }, ...detail } };
}

/** What was written, by where. */
const written = new Map<string, string>();
const outcomes: Outcome[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenwright-leaks-'));
  const lines: string[] = [];
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => void lines.push(parts.map(String).join(' ')));
  }
  setProcessClock({ now: () => NOW });
  const onBus: unknown[] = [];
  const letters: unknown[] = [];
  const log = new OutcomeLog();
  const stack = await startStack({
    data: folder,
    concurrency: 1,
    retryDelay: () => 0,
    environment: { POWERTOOLS_DEV: 'true', POWERTOOLS_LOG_LEVEL: 'DEBUG', POWERTOOLS_METRICS_DISABLED: 'false' },
    onEvent: (bus, envelope) => {
      if (envelope.source === 'scenario') return;
      if (!String(envelope['detail-type']).startsWith('token.action.')) return void onBus.push(envelope);
      const outcome = envelope.detail as unknown as Outcome;
      outcomes.push(outcome);
      onBus.push(bus, { ...envelope, detail: { ...outcome, response: null } });
    },
    onDeadLetter: (letter) => void letters.push(letter),
  });
  Object.assign(process.env, stack.environment);
  const tables = tablesOf(stack.environment);
  const scenario = await readScenario(SCENARIO, NOW);
  await seed(scenario, tables);
  for (const one of scenario.events) {
    await playEvent(one, { stack, bus: tables.bus, log });
    await stack.idle();
  }
  const malformed = { envelope: { ...scenario.events[0]?.envelope, detail: { pass: GIVEN.malformedPass, user: 7 } } };
  const [first] = scenario.events;
  if (first) await playEvent({ ...first, ...malformed }, { stack, bus: tables.bus, log });
  await stack.idle();
  outcomes.push(...log.all);
  for (const [name, table] of Object.entries(tables)) {
    if (/^(tokens|definitions|directory|secretKeys)$/.test(name)) written.set(`table ${name}`, await scan(table));
  }
  written.set('the buses', JSON.stringify(onBus));
  for (const { name } of stack.wiring.queues) {
    const queue = stack.queues.find(name);
    if (queue) letters.push(...stack.queues.receive(queue));
  }
  written.set('dead letters', JSON.stringify(letters));
  await stack.stop();
  written.set('logs and metrics', lines.join('\n'));
  for (const file of await readdir(folder)) {
    if (file.endsWith('.jsonl')) written.set(file, await readFile(join(folder, file), 'latin1'));
  }
  vi.restoreAllMocks();
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every attribute of every item as it lies there, binary as latin-1. */
async function scan(TableName: string): Promise<string> {
  const { Items = [] } = await new DynamoDBClient({}).send(new ScanCommand({ TableName }));
  return JSON.stringify(Items, (_, value: unknown) => {
    return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  });
}

/** A secret in all the forms in which it may have been written. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, '')];
}

/** The secrets that the outcomes announced: each text of a response but the serials and what is no secret. */
function announced(): string[] {
  const texts = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    if (value === null || typeof value !== 'object') return [];
    return Object.values(value).flatMap(texts);
  };
  return outcomes
    .flatMap(({ response }) => Object.entries(response?.detail ?? {}))
    .filter(([name]) => !['serial', 'type', 'rollout_state'].includes(name))
    .flatMap(([, value]) => texts(value))
    .filter((text) => text.length >= 6 && !/^\d{1,6}$/.test(text));
}

it('does what was asked for, and announces it once', () => {
  const done = outcomes.filter(({ status }) => status === 'done');
  expect(done.map(({ action }) => action).filter((action) => action === 'enroll').length).toBeGreaterThanOrEqual(10);
  expect(outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(announced().length).toBeGreaterThan(10);
  expect(JSON.stringify(outcomes)).toContain(hex(GIVEN.definedKey));
});

it('looked where something was written', () => {
  expect([...written.keys()].sort()).toEqual(
    expect.arrayContaining(['dead letters', 'logs and metrics', 'table definitions', 'table tokens', 'the buses']),
  );
  expect([...written].filter(([, text]) => text.length < 100).map(([name]) => name)).toEqual([]);
  expect(written.get('table tokens')).toContain('scrypt$');
  expect(written.get('table definitions')).toContain('sealed');
});

it.each(Object.entries(GIVEN))('writes %s nowhere', (_, secret) => {
  const found = [...written].filter(([, text]) => formsOf(secret).some((form) => text.includes(form)));
  expect(found.map(([name]) => name)).toEqual([]);
});

it('writes nothing that an outcome announced anywhere else', () => {
  const found = announced().flatMap((secret) =>
    [...written].filter(([, text]) => formsOf(secret).some((form) => text.includes(form))).map(([name]) => name),
  );
  expect(found).toEqual([]);
});

/**
 * No secret is anywhere except in the `response` of an outcome: unique ones go in by every possible way, and everything
 * that the run wrote is searched for each of them, as text, as bytes, and in the encodings that hide it from the eye.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announcedBy, formsOf } from './forms.ts';
import { GIVEN, keys } from './given.ts';
import { type Stage, type WholeRun, wholeRun } from './whole-run.ts';

const TYPES = ['registration', 'pw', 'paper', 'tan', 'totp', 'daypassword', 'indexedsecret'];

const COMMANDS = [
  ...['explain', 'export', 'history', 'list', 'plan', 'set'].map((verb) => `definitions ${verb}`),
  'dlq list',
  'events put',
  'run FILE',
  'secrets status',
  ...['import', 'list', 'show', 'verify'].map((verb) => `tokens ${verb}`),
];

const PEOPLE = {
  realms: { realm1: ['resolver1'] },
  users: [{ login: 'ada', realm: 'realm1', resolver: 'resolver1', uid: '1' }],
  tokens: [
    { serial: 'T1', tokentype: 'hotp', otpkey: keys.imported, pin: GIVEN.importedPin },
    { serial: 'T2', tokentype: 'hotp' },
  ],
};

const DEFINITIONS = [
  enrolment(1, 'one', { tokentype: 'totp', additional_params: { genkey: 0, otpkey: keys.defined } }),
  enrolment(2, 'two', {
    tokentype: 'hotp',
    additional_params: `{"genkey": 0, "otpkey": "${keys.inText}", "pin": "${GIVEN.definedPin}"}`,
  }),
  enrolment(3, 'three', { tokentype: 'motp', motppin: GIVEN.motpPin }),
  enrolment(4, 'four', { tokentype: 'pw', additional_params: { otpkey: GIVEN.definedPassword } }),
  enrolment(5, 'five', { tokentype: 'tan', additional_params: { tans: GIVEN.definedTans } }),
  ...TYPES.map((tokentype, i) => enrolment(10 + i, tokentype, { tokentype })),
  { id: 20, event: 'token_assign', action: 'set random pin', options: { length: 20 } },
  { ...enrolment(21, 'before', { tokentype: 'registration' }), position: 'pre' },
  { id: 22, event: 'before', position: 'pre', action: 'set random pin', options: { length: 20 } },
];
const PUT = { tokentype: 'totp', additional_params: { otpkey: keys.put, pin: GIVEN.putPin } };
const SENT = {
  request: { pass: GIVEN.sentPass, password: GIVEN.sentPassword, nested: { PIN: GIVEN.sentPin }, tans: GIVEN.sentTans },
  otppin: GIVEN.sentOtppin,
  motppin: GIVEN.sentMotppin,
  response: {
    detail: {
      otpkey: { value: GIVEN.sentKey },
      secret: GIVEN.sentSecret,
      googleurl: { value: GIVEN.sentUrl },
      otps: { 0: GIVEN.sentOtps },
      registrationcode: GIVEN.sentCode,
      motpurl: { value: GIVEN.sentMotpUrl },
    },
  },
};
const SCENARIO = {
  tokens: [{ serial: 'S1', tokentype: 'hotp', otpkey: keys.scenario }],
  definitions: [enrolment(1, 'one', { tokentype: 'pw', user: false })],
  events: [event('one', { request: { pass: GIVEN.prePass } })],
};

function enrolment(id: number, name: string, options: Record<string, unknown>) {
  return { id, name, event: name, action: 'enroll', options: { user: true, ...options } };
}

function refused(otpkey: string) {
  return enrolment(30, 'thirty', { tokentype: 'totp', additional_params: { otpkey } });
}

function event(name: string, detail: Record<string, unknown> = {}) {
  const user = { login: 'ada', realm: 'realm1' };
  return { id: `cli-${name}`, 'detail-type': name, time: '2026-03-15T10:20:30Z', detail: { user, ...detail } };
}

async function everything({ command, withFile, http, put }: Stage): Promise<void> {
  await withFile(['tokens', 'import', 'FILE'], PEOPLE);
  await withFile(['tokens', 'import', 'FILE'], `CSV1, ${keys.csv}, totp, 6\n`);
  await withFile(['tokens', 'import', 'FILE'], `CSV2, ${GIVEN.refusedKey}, totp\n`);
  await withFile(['definitions', 'set', 'FILE', '--json'], DEFINITIONS);
  await withFile(['definitions', 'set', 'FILE'], [refused(GIVEN.refusedInFile)]);
  await http('PUT', '/definitions/40', { name: 'forty', event: 'forty', action: 'enroll', options: PUT });
  await http('PUT', '/definitions/30', refused(GIVEN.refusedByHttp));
  const proposed = [enrolment(41, 'one', { tokentype: 'hotp', additional_params: { pin: GIVEN.proposedPin } })];
  await http('POST', '/definitions/plan', { definitions: proposed });
  await http('POST', '/explain', { event: event('one', SENT), definitions: proposed });
  await http('POST', '/explain', { event: event('forty', SENT) });
  for (const path of ['/definitions', '/definitions/40', '/definitions/40/history']) await http('GET', path, undefined);
  for (const args of [['list'], ['history', '40'], ['history', '1'], ['export']])
    await command(['definitions', ...args]);
  await withFile(['definitions', 'plan', 'FILE'], proposed);
  await withFile(['definitions', 'explain', 'FILE'], event('one', SENT));

  for (const name of ['one', 'two', 'three', 'four', 'five', 'forty', ...TYPES]) {
    await put(name, { id: name, user: { login: 'ada', realm: 'realm1' }, ...SENT });
  }
  await put('token_assign', { id: 'assign', serial: 'T2' });
  await withFile(['events', 'put', 'FILE'], event('one', { request: { pass: GIVEN.putPass } }));
  await put('one', { pass: GIVEN.malformedPass, user: 7 });
  const before = event('before', { id: 'pre', serial: 'T2', request: { pass: GIVEN.prePass } });
  await http('POST', '/pre', { source: 'idp', ...before });
  await http('GET', '/tokens/T1', undefined);

  await command(['tokens', 'list', '--json']);
  await command(['tokens', 'show', 'T1']);
  await command(['tokens', 'verify', 'T1'], GIVEN.typedPassword);
  await command(['secrets', 'status']);
  await command(['dlq', 'list']);
  await command(['dlq', 'list', '--json']);
  await withFile(['run', 'FILE', '--json'], SCENARIO);
}

let folder: string;
let run: WholeRun;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenwright-leaks-'));
  run = await wholeRun(folder, everything);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const found = (forms: readonly string[]): string[] =>
  [...run.written].filter(([, text]) => forms.some((form) => text.includes(form))).map(([name]) => name);
const responses = () => run.outcomes.map(({ response }) => response?.detail);

describe('the run', () => {
  it('did what was asked for, and announced it', () => {
    expect(run.outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
    const made = run.outcomes.filter(({ action, response }) => action === 'enroll' && response);
    expect(made.length).toBe(15);
    const told = JSON.stringify(run.outcomes);
    for (const secret of [keys.defined, keys.put, GIVEN.definedPassword]) expect(told).toContain(secret);
    expect(announcedBy(responses()).length).toBeGreaterThan(200);
  });

  it('looked where something was written: tables, buses, files, logs, answers, commands', () => {
    expect(run.written.get('table tokens')).toContain('scrypt$');
    expect(run.written.get('table definitions')).toContain('sealed');
    expect(run.written.get('file events.jsonl')).toContain('token_assign');
    // DynamoDB Local keeps its tables in its own memory.
    const files = [...run.written].filter(([name, text]) => /^file dynamodb/.test(name) && text.includes('scrypt$'));
    expect(files.length > 0).toBe(process.env.DYNAMODB_LOCAL_URL === undefined);
    expect(run.written.get('logs and metrics')).toContain('SecretsDropped');
    expect(run.written.get('dead letters')).toContain('detail.user');
    expect([...run.written.keys()].filter((name) => !name.startsWith('file dynamodb')).sort()).toEqual([
      'HTTP answers but for responses',
      ...COMMANDS.map((name) => `command ${name}`),
      'dead letters',
      ...['deliveries.jsonl', 'events.jsonl', 'kms.key', 'queues.jsonl'].map((name) => `file ${name}`),
      'logs and metrics',
      ...['definitions', 'directory', 'outcomes', 'secretKeys', 'tokens'].map((name) => `table ${name}`),
      'the bus',
      'the results bus but for responses',
    ]);
  });
});

it.each(Object.entries(GIVEN))('%s is written nowhere', (_, secret) => {
  expect(found(formsOf(secret))).toEqual([]);
});

it('nothing that an outcome announced is anywhere else', () => {
  expect(announcedBy(responses()).flatMap(found)).toEqual([]);
});

it('what pre announces goes to its caller alone: on the results bus the response is null', () => {
  const ofPre = run.outcomes.filter(({ event }) => event.name === 'before');
  expect(ofPre.map(({ action, response }) => [action, response === null])).toEqual([
    ['set random pin', true],
    ['enroll', true],
    ['set random pin', false],
    ['enroll', false],
  ]);
});

it('a definition that was put over HTTP is shown masked, wherever it is shown', () => {
  const shown = { options: { additional_params: { otpkey: '********', pin: '********' } } };
  expect(run.answers.get('PUT /definitions/40')).toMatchObject(shown);
  expect(run.answers.get('GET /definitions/40')).toMatchObject(shown);
  for (const call of ['GET /definitions', 'GET /definitions/40/history', 'POST /definitions/plan', 'POST /explain']) {
    expect(JSON.stringify(run.answers.get(call))).toContain('********');
  }
});

/**
 * Each function's role against the calls that the function really makes: every function runs here on the local stack,
 * with everything that a step can be asked for, and each call is decided by its role as IAM would. A call that the role
 * lacks is red, and so is a permission that is never used.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { actions, findAction } from '../../lib/action/catalogue.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { type Entry, type RecordedCall, type Recorder, record } from '../support/recorder.ts';
import { AT_THE_DOOR, FRONT_DOOR_CALLS, HTTP_CALLS, putEnrolments, SEALING_CALLS } from './http-calls.ts';
import { type Packaged, packageService } from './packaged.ts';
import { lambdasOf, type PackagedLambda } from './packaged-lambda.ts';
import { decide, PolicyStatement } from './policy-evaluation.ts';

/** With what it can be asked for beyond its example, so that all is read. */
const MORE_OPTIONS: Readonly<Record<string, object>> = { enroll: { user: true, container: true } };

/** What only the step can decide, and what it reads for that: each of them is decided true, so that all are read. */
const OF_THE_STEP = {
  tokenresolver: 'resolver1',
  token_is_orphaned: 'False',
  token_is_in_container: 'True',
  container_type: 'generic',
  user_info: 'department == sales',
  user_token_number: '>0',
  user_container_number: '>0',
};
/** What dispatch reads. */
const OF_DISPATCH = { counter: 'logins>0', challenge_session: 'enroll' };

const USER = { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' };
/** The functions that do not one action alone. */
const OTHERS = [
  'bulk',
  'dispatch',
  'pre',
  'record-outcomes',
  ...Object.keys(HTTP_CALLS),
  ...Object.keys(FRONT_DOOR_CALLS),
];
const NAMES = actions.map(({ name }) => name);
const optionsOf = (name: string) => ({ ...findAction(name)?.example, ...MORE_OPTIONS[name] });
const kebab = (name: string): string => name.replaceAll(' ', '-');
const eventOf = (name: string): string => name.replaceAll(' ', '_');
const serialOf = (name: string): string => `T-${kebab(name)}`;

const definitionOf = (name: string, position: 'pre' | 'post', id: number) => ({
  id,
  name,
  position,
  event: [eventOf(name)],
  action: name,
  options: optionsOf(name),
  conditions: { ...OF_THE_STEP, ...OF_DISPATCH },
});

function challengeOf(serial: string, transaction_id: string) {
  return { serial, transaction_id, session: 'enrollment', expires: '2026-03-16T10:20:30Z' };
}

/** Events at the front door, whose `pre` definitions together do all that such ones may. */
const AT_DOOR = { event: ['validate_check', 'token_list', 'token_init'], position: 'pre' };

const SCENARIO = {
  realms: { realm1: ['resolver1'] },
  tokengroups: ['g1'],
  counters: { logins: 3 },
  users: [
    { ...USER, department: 'sales' },
    { ...USER, login: 'hans', uid: '1001' },
    { ...AT_THE_DOOR.user, department: 'sales' },
  ],
  default_realm: 'realm1',
  admins: [AT_THE_DOOR.admin],
  tokens: [
    ...['hotp', 'sms', 'email'].map((tokentype) => ({
      serial: tokentype === 'hotp' ? 'DOOR' : `DOOR-${tokentype}`,
      tokentype,
      otpkey: AT_THE_DOOR.otpkey,
      user: AT_THE_DOOR.user,
      info: { hashlib: 'sha1', phone: '+49 111', email: 'dora@example.com' },
    })),
    { serial: 'DOOR-spass', tokentype: 'spass', user: AT_THE_DOOR.user },
    ...NAMES.map((name) => ({ serial: serialOf(name), tokentype: 'hotp', user: USER })),
    ...NAMES.map((name) => ({ serial: `${serialOf(name)}-pre`, tokentype: 'hotp', user: USER })),
    ...['GONE', 'GONE-pre'].map((serial) => ({ serial, tokentype: 'spass' })),
    { serial: 'ONLY', tokentype: 'hotp', user: { ...USER, login: 'hans', uid: '1001' } },
  ],
  containers: [
    {
      serial: 'C1',
      type: 'generic',
      users: [USER, AT_THE_DOOR.user],
      tokens: ['DOOR', 'DOOR-spass', ...NAMES.flatMap((name) => [serialOf(name), `${serialOf(name)}-pre`])],
    },
  ],
  challenges: [
    ...NAMES.flatMap((name) => [challengeOf(serialOf(name), '1'), challengeOf(`${serialOf(name)}-pre`, '1')]),
    ...['DOOR', 'DOOR-spass'].flatMap((serial) => [challengeOf(serial, '42'), challengeOf(serial, '43')]),
  ],
  definitions: [
    ...NAMES.map((name, i) => definitionOf(name, 'post', i + 1)),
    ...NAMES.map((name, i) => definitionOf(name, 'pre', i + 101)),
    { id: 300, name: 'what comes next', event: NAMES.map(eventOf), ordering: 1, action: 'disable' },
    { id: 301, name: 'one more', event: 'enroll', ordering: 1, action: 'enroll', options: { tokentype: 'spass' } },
    { id: 302, name: 'gone', event: 'gone', action: 'delete' },
    {
      id: 303,
      name: 'born again',
      event: ['born_again'],
      action: 'enroll',
      options: { tokentype: 'spass', additional_params: { serial: 'GONE' } },
    },
    {
      id: 304,
      name: 'born again before',
      event: ['born_again'],
      position: 'pre',
      action: 'enroll',
      options: { tokentype: 'spass', additional_params: { serial: 'GONE-pre' } },
    },
    { id: 201, name: 'all of hers', event: 'leaving', action: 'unassign', target: 'user' },
    { id: 202, name: 'before all of hers', event: 'leaving', position: 'pre', action: 'unassign', target: 'user' },
    { id: 203, name: 'in a container', event: 'named', action: 'disable', conditions: { container_type: 'generic' } },
    ...(['unassigned', 'disabled'] as const).map((target, i) => {
      const conditions = { serial: 'nobody' };
      return { id: 401 + i, name: target, event: target, action: 'enable', target, confirm: true, conditions };
    }),
    { ...definitionOf('enroll', 'pre', 501), ...AT_DOOR, name: 'a token at the door' },
    { id: 502, name: 'count at the door', ...AT_DOOR, action: 'increase tokeninfo', options: { key: 'seen' } },
    {
      id: 503,
      name: 'all at the door',
      ...AT_DOOR,
      action: 'set description',
      options: { description: 'seen' },
      target: 'user',
    },
    { id: 204, name: 'count', event: 'none', action: 'disable', conditions: { token_locked: 'False' } },
  ],
};

function event(name: string, detail: object, id = `${name}-1`) {
  const position = 'position' in detail ? detail.position : 'post';
  const all = { id: `${id}-${position}`, ...detail };
  return { id, source: 'test', 'detail-type': name, time: '2026-03-15T10:20:30Z', detail: all };
}

let packaged: Packaged;
let lambdas: Map<string, PackagedLambda>;
let stack: Stack;
let recorder: Recorder;
let release: () => void;
let logicalIds: ReadonlyMap<string, string>;
const made = new Map<string, RecordedCall[]>();

beforeAll(async () => {
  packaged = await packageService();
  lambdas = lambdasOf(packaged.template);
  stack = await startStack();
  release = stack.hold();
  const { dynamodb, eventbridge } = stack.endpoints;
  await startProcess();
  await seed(await readScenario(SCENARIO, Date.parse('2026-03-15T10:20:30Z')), tablesOf(stack.environment));
  recorder = await record([dynamodb, eventbridge]);
  const [database = '', services = ''] = recorder.addresses;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: database,
    AWS_ENDPOINT_URL_EVENTBRIDGE: services,
    AWS_ENDPOINT_URL_SQS: services,
    AWS_ENDPOINT_URL_KMS: services,
    AWS_ENDPOINT_URL_SESV2: services,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: services,
    MAIL_FROM: 'otp@example.com',
    SMS_ORIGINATION: 'pool-1',
    // The SDK sends to the queue's own address, wherever its endpoint is.
    DEAD_LETTER_QUEUE_URL: `${services}${new URL(stack.environment.DEAD_LETTER_QUEUE_URL ?? '').pathname}`,
  });
  logicalIds = namesIn([...lambdas.values()]);
  await runAll();
}, 240_000);

afterAll(async () => {
  release?.();
  await recorder?.stop();
  await stack?.stop();
  await packaged?.remove();
});

/** What the names in calls stand for in the template: the functions' own variables say it. */
function namesIn(all: readonly PackagedLambda[]): ReadonlyMap<string, string> {
  const variables = Object.assign({}, ...all.map(({ environment }) => environment));
  return new Map(
    Object.entries(stack.environment).flatMap(([name, value]) =>
      packaged.template.Resources[variables[name]] ? [[value.split('/').at(-1) ?? '', String(variables[name])]] : [],
    ),
  );
}

/** A moment after the events: enrolment refuses those that are older than a ledger reaches. */
const NOW = Date.parse('2026-03-15T10:20:31Z');

/** From here on functions are loaded anew, as in a process that nothing was remembered in. */
async function startProcess(): Promise<void> {
  vi.resetModules();
  const { setProcessClock } = await import('../../lib/base/clock.ts');
  setProcessClock({ now: () => NOW });
}

/** The same, where no data key was ever made: whoever seals next has to make it. */
async function startWithoutDataKey(): Promise<void> {
  const TableName = stack.environment.SECRET_KEYS_TABLE;
  await documentClient().send(new DeleteCommand({ TableName, Key: { ring: 'data', version: 1 } }));
  recorder.take();
  await startProcess();
}

/** The same event's id each time: from the second on it is a redelivery. */
const WHOSE_TOKENS = [
  { user: { login: 'cornelius', realm: 'realm1' } },
  { user: { resolver: 'resolver1', uid: '1000' } },
  { serial: 'ONLY' },
];

async function runAll(): Promise<void> {
  await runFrontDoor();
  await startWithoutDataKey();
  const steps: Entry[] = [];
  for (const name of NAMES) steps.push(...(await run('dispatch', event(eventOf(name), { serial: serialOf(name) }))));
  for (const detail of WHOSE_TOKENS) {
    await run('dispatch', event('leaving', detail));
  }
  const named = { serial: 'ONLY', request: { container_serial: 'C1', transaction_id: '1' } };
  await run('dispatch', event('named', named));
  await run('dispatch', event('none', { user: { login: 'cornelius', realm: 'realm1' } }));
  await run('dispatch', { id: 'malformed' });
  for (const step of steps) await runTwice(step);
  // Over a tombstone a token is made by another call than where there was none.
  for (const serial of ['GONE', 'GONE-pre']) {
    const gone = { ...event('gone', { serial }, `gone-${serial}`), time: '2026-03-15T10:20:29Z' };
    for (const step of await run('dispatch', gone)) await runTwice(step);
  }
  for (const step of await run('dispatch', event('born_again', { serial: 'ONLY' }))) await runTwice(step);
  for (const target of ['unassigned', 'disabled']) {
    const started = await run('dispatch', event(target, {}));
    for (const { DetailType, Detail } of started) {
      const detail = z.looseObject({ action: z.optional(z.string()) }).parse(JSON.parse(Detail));
      const name = detail.action === undefined ? 'bulk' : kebab(detail.action);
      started.push(...(await run(name, { source: 'tokenwright', 'detail-type': DetailType, detail })));
    }
  }
  await startWithoutDataKey();
  for (const name of NAMES) {
    await run('pre', request(event(eventOf(name), { serial: `${serialOf(name)}-pre`, position: 'pre' })));
  }
  await run('pre', request(event('born_again', { serial: 'ONLY', position: 'pre' })));
  for (const detail of WHOSE_TOKENS) {
    await run('pre', request(event('leaving', { ...detail, position: 'pre' })));
  }
  const outcomes = [...made.values()]
    .flat()
    .flatMap(({ entries }) => entries.filter(({ DetailType }) => DetailType === 'token.action.done'));
  await run('record-outcomes', {
    source: 'tokenwright',
    'detail-type': 'token.action.done',
    detail: JSON.parse(outcomes[0]?.Detail ?? ''),
  });
  await runHttp();
  await runSealed();
}

async function runTwice({ Detail }: Entry): Promise<void> {
  const detail = z.looseObject({ action: z.string() }).parse(JSON.parse(Detail));
  const envelope = { source: 'tokenwright', 'detail-type': 'token.action', detail };
  await run(kebab(detail.action), envelope);
  await run(kebab(detail.action), envelope); // a redelivery
}

async function runHttp(): Promise<void> {
  await startWithoutDataKey();
  for (const [name, calls] of Object.entries(HTTP_CALLS)) {
    for (const call of calls) await run(name, { ...call, requestContext: { timeEpoch: NOW } });
  }
}

/** Calls of the front door: as they are, where the bus cannot be reached, and where no data key was ever made. */
async function runFrontDoor(): Promise<void> {
  const doorCall = (name: string, call: object = {}) => run(name, atTheDoor(call));
  for (const [name, calls] of Object.entries(FRONT_DOOR_CALLS)) {
    await startProcess();
    for (const call of calls) await doorCall(name, call);
    const { AWS_ENDPOINT_URL_EVENTBRIDGE: bus } = process.env;
    process.env.AWS_ENDPOINT_URL_EVENTBRIDGE = 'http://127.0.0.1:9';
    await startProcess();
    await doorCall(name, calls.at(-1));
    process.env.AWS_ENDPOINT_URL_EVENTBRIDGE = bus;
  }
  for (const [name, call] of Object.entries(SEALING_CALLS)) {
    await startWithoutDataKey();
    await doorCall(name, call);
  }
}

const atTheDoor = (call: { readonly requestContext?: object }) => {
  return { ...call, requestContext: { ...call.requestContext, timeEpoch: NOW } };
};

/** Definitions with a sealed secret, each opened by a process that does not hold the data key yet. */
async function runSealed(): Promise<void> {
  await startProcess();
  for (const call of putEnrolments('********'))
    await run('definitions', { ...call, requestContext: { timeEpoch: NOW } });
  const steps = await run('dispatch', event('enroll_sealed', { serial: 'ONLY' }));
  await startProcess();
  for (const step of steps) await runTwice(step);
  await startProcess();
  await run('pre', request(event('enroll_sealed', { serial: 'ONLY', position: 'pre' })));
}

function request(body: unknown) {
  return { routeKey: 'POST /pre', body: JSON.stringify(body), requestContext: { timeEpoch: NOW } };
}

type Handler = (event: unknown, context: object) => Promise<unknown>;

/** Invokes a function as Lambda would, and keeps its calls. @returns the steps that it has put */
async function run(name: string, input: unknown): Promise<Entry[]> {
  const handler = lambdas.get(`tokenwright-dev-${name}`)?.handler.replace(/\.handler$/, '');
  const path = resolve(import.meta.dirname, '../..', `${handler}.ts`);
  const module: { handler: Handler } = await import(pathToFileURL(path).href);
  const answer = await module.handler(input, { functionName: name, getRemainingTimeInMillis: () => 20_000 });
  const status = z.looseObject({ statusCode: z.number() }).safeParse(answer).data?.statusCode ?? 200;
  if (status >= 300 && status !== 401) throw new Error(`${name} answered ${JSON.stringify(answer)}`);
  const calls = recorder.take();
  made.set(name, [...(made.get(name) ?? []), ...calls]);
  return calls.flatMap(({ entries }) =>
    entries.filter(({ DetailType }) => ['token.action', 'token.bulk'].includes(DetailType)),
  );
}

function callsOf(name: string) {
  return (made.get(name) ?? []).map(({ action, resource, context }) => {
    if (resource.startsWith('arn:')) return { action, resource, context };
    const [head = '', ...index] = resource.split('/');
    const arn = [`${logicalIds.get(head) ?? head}.Arn`, ...index].join('/');
    return { action, resource: arn, context };
  });
}

/** The key of dead letters that may hold secrets: Lambda and SQS use it where they are written. */
const LETTERS_KEY = 'StorageKey.Arn';

/** The functions that send dead letters themselves. */
const SENDING_LETTERS = ['dispatch', ...Object.keys(FRONT_DOOR_CALLS)];

/** The role's statements but for logs and dead letters, which Lambda itself writes with it. */
function statementsOf(name: string): PolicyStatement[] {
  const { statements = [] } = lambdas.get(`tokenwright-dev-${name}`) ?? {};
  return statements
    .map((statement) => PolicyStatement.parse(statement))
    .filter(({ Action, Resource }) => {
      const ofLambda =
        (Action.includes('sqs:SendMessage') && !SENDING_LETTERS.includes(name)) ||
        Resource.every((one) => one === LETTERS_KEY);
      return !ofLambda && !Action.some((action) => action.startsWith('logs:')) && Resource.length > 0;
    });
}

/** Statement by statement, since one may allow for some keys what another allows for others: call by call. */
function permissionsOf(name: string): PolicyStatement[] {
  return statementsOf(name).flatMap((statement) =>
    statement.Action.flatMap((action) =>
      statement.Resource.map((resource) => ({ ...statement, Action: [action], Resource: [resource] })),
    ),
  );
}

describe.each([...OTHERS, ...NAMES.map(kebab)])('the role of %s', (name) => {
  it('allows every call that the function makes', () => {
    const refused = callsOf(name).filter((call) => decide(call, statementsOf(name), []) !== 'allowed');
    expect([...new Set(refused.map(({ action, resource }) => `${action} ${resource}`))]).toEqual([]);
  });

  it('allows none that it never makes', () => {
    const unused = permissionsOf(name).filter(
      (one) => !callsOf(name).some((call) => decide(call, [one], []) === 'allowed'),
    );
    expect(unused.map(({ Action, Resource }) => `${Action} ${Resource}`)).toEqual([]);
  });
});

describe('these checks', () => {
  it('see a write outside of what planning may write', () => {
    const call = {
      action: 'dynamodb:PutItem',
      resource: 'DirectoryTable.Arn',
      context: { 'dynamodb:LeadingKeys': ['login#realm1#cornelius'] },
    };
    expect(decide(call, statementsOf('dispatch'), [])).toBe('not allowed');
    const resolution = { ...call, context: { 'dynamodb:LeadingKeys': ['resolution#abc'] } };
    expect(decide(resolution, statementsOf('dispatch'), [])).toBe('allowed');
    expect(decide({ ...call, context: {} }, statementsOf('dispatch'), [])).toBe('not allowed');
  });
});

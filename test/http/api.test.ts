/**
 * test/http proves the HTTP API of definitions, tokens, explain and `pre`, and its OpenAPI document.
 *
 * Here: the calls on the local stack, which has the deployed functions, routes and rules.
 */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { documentClient, eventBridgeClient } from '../../lib/aws/clients.ts';
import { done, type Outcome } from '../../lib/event/outcome.ts';
import { outcomeEntry, publisher } from '../../lib/event/publish.ts';
import { newRecord } from '../../lib/token/record.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { undocumented } from './openapi.ts';

const USER = { login: 'hans', realm: 'r1', resolver: 'ldap', uid: '1' };
const ATTRIBUTES = { mobile: '+49 151 1', email: 'hans@example.org' };
const SCENARIO = {
  realms: { r1: ['ldap'] },
  users: [{ ...USER, ...ATTRIBUTES }],
  tokens: ['T1', 'T2', 'T3'].map((serial) => ({ serial, tokentype: 'hotp', user: USER })),
};
const OFF = { id: 4, name: 'off', event: 'auth', action: 'disable', conditions: { failcounter: '>=8' } };

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    concurrency: 1,
    retryDelay: () => 0,
  });
  connectTo(stack.environment);
  await seed(await readScenario(SCENARIO, Date.parse('2026-03-15T10:20:30Z')), tablesOf(stack.environment));
});
afterAll(() => stack?.stop());

async function call(method: string, path: string, body?: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await stack.http({ method, path, ...(body === undefined ? {} : { body: text }) });
  const type = answer.headers['content-type'];
  const told = { status: answer.statusCode, type, body: JSON.parse(answer.body) as Record<string, unknown> };
  expect(undocumented(method, path, told)).toEqual([]);
  return told;
}

const codes = (body: Record<string, unknown>) =>
  (body.errors as { code: string; path: string }[]).map(({ code, path }) => `${code} ${path}`);

describe('/definitions', () => {
  it('takes one in, changes it, tells its history, and takes it out', async () => {
    expect((await call('PUT', '/definitions/4?message=first', OFF)).status).toBe(201);
    const changed = await call('PUT', '/definitions/4', { ...OFF, conditions: { failcounter: '>=9' } });
    expect(changed).toMatchObject({ status: 200, body: { id: 4, version: 2, conditions: { failcounter: '>=9' } } });
    expect((await call('GET', '/definitions/4')).body).toMatchObject({ name: 'off', version: 2 });
    const history = await call('GET', '/definitions/4/history');
    expect(history.body).toMatchObject({
      versions: [
        { version: 2, in_force: true, how: 'put', by: 'unsigned' },
        { version: 1, in_force: false, message: 'first' },
      ],
    });
    expect(await call('DELETE', '/definitions/4')).toMatchObject({ status: 200, body: { id: 4 } });
    expect(await call('GET', '/definitions/4')).toMatchObject({ status: 404, body: { code: 'unknown_definition' } });
  });

  it('plans a whole set, and applies it only where no other was applied since', async () => {
    const plan = await call('POST', '/definitions/plan', { definitions: [OFF] });
    expect(plan).toMatchObject({ status: 200, body: { changes: [{ kind: 'add', id: 4, name: 'off' }] } });
    const { set } = plan.body;
    expect((await call('POST', '/definitions/apply', { definitions: [OFF], set })).status).toBe(200);
    const late = await call('POST', '/definitions/apply', { definitions: [], set });
    expect(late).toMatchObject({
      status: 409,
      type: 'application/problem+json',
      body: { code: 'definitions_changed' },
    });
    const blind = await call('POST', '/definitions/apply', { definitions: [] });
    expect({ status: blind.status, faults: codes(blind.body) }).toEqual({ status: 400, faults: ['bad_body set'] });
    const wrong = { ...OFF, conditions: { logged_in_user: 'nobody' } };
    const refused = await call('POST', '/definitions/plan', { definitions: [wrong] });
    expect(refused.body.errors).toMatchObject([
      { path: 'definitions[0].conditions.logged_in_user', given: 'nobody', allowed: ['admin', 'user'] },
    ]);
    expect((await call('GET', '/definitions')).body).toMatchObject({ definitions: [{ id: 4 }] });
  });

  it.each([
    ['PUT', '/definitions/5', { event: 'auth', action: 'dissable', conditions: { failcounter: '>>8' } }, 400],
    ['PUT', '/definitions/5', { ...OFF }, 400],
    ['PUT', '/definitions/5', '{"event":', 400],
    ['GET', '/definitions/x', undefined, 400],
    ['GET', '/definitions/99/history', undefined, 404],
    ['POST', '/definitions/apply', { definitons: [] }, 400],
  ])('refuses %s %s %j with problem details', async (method, path, body, status) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { status } });
  });

  it('names every fault at once, with its path in the definition', async () => {
    const answer = await call('PUT', '/definitions/5', {
      event: 'auth',
      action: 'dissable',
      conditions: { failcounter: '>>8' },
    });
    expect(codes(answer.body).sort()).toEqual(['bad_condition conditions.failcounter', 'unknown_action action']);
  });
});

describe('/explain', () => {
  it('explains an event under the applied definitions, or under others', async () => {
    const event = { 'detail-type': 'auth', time: '2026-03-15T10:20:30Z', detail: { serial: 'T1' } };
    const own = [{ ...OFF, conditions: {} }];
    const steps = (answer: Awaited<ReturnType<typeof call>>) => answer.body.definitions;
    await call('PUT', '/definitions/4', OFF);
    expect(steps(await call('POST', '/explain', { event }))).toMatchObject([
      { id: 4, acts: false, steps: [{ serial: 'T1', verdict: 'skipped', conditions: [{ saw: 0, passes: false }] }] },
    ]);
    expect(steps(await call('POST', '/explain', { event, definitions: own }))).toMatchObject([
      { id: 4, version: 0, acts: true, steps: [{ changes: { active: [true, false] } }] },
    ]);
  });

  it('shows no attribute of a user to whom writes the definitions, but those that the applied ones name', async () => {
    const user = { user: 'hans', realm: 'r1' };
    const event = { 'detail-type': 'login', time: '2026-03-15T10:20:30Z', detail: { serial: 'T1', user } };
    const asking = (name: string, key: string) => ({ ...OFF, name, event: 'login', conditions: { user_info: key } });
    const named = asking('named', 'mobile != 1');
    await call('PUT', '/definitions/6', { ...named, id: 6 });
    const definitions = [
      { ...asking('holds', 'email != 1'), id: 7 },
      { ...asking('does not hold', 'email == 1'), id: 8 },
      { ...asking('named', 'mobile == 1'), id: 9 },
      { ...asking('list', ''), id: 10, conditions: { user_info: ['mobile == 1', 'email == 1'] } },
      { ...asking('missing', 'shoe == 1'), id: 11 },
    ];
    const { body } = await call('POST', '/explain', { event, definitions });
    const told = (
      body.definitions as { steps: { conditions: { saw: unknown; verdict: string }[]; reason: { saw?: unknown } }[] }[]
    )
      .flatMap(({ steps }) => steps)
      .map(({ conditions: [seen], reason }) => [seen?.verdict, seen?.saw, reason?.saw ?? null]);
    const mask = '********';
    expect(told).toEqual([
      ['holds', mask, null],
      ['does_not_hold', mask, mask],
      ['does_not_hold', '+49 151 1', '+49 151 1'],
      ['does_not_hold', mask, mask],
      ['not_known', null, null],
    ]);
    expect(JSON.stringify(body)).not.toContain('hans@example.org');
    const applied = await call('POST', '/explain', { event });
    expect(applied.body).toMatchObject({ definitions: [{ steps: [{ conditions: [{ saw: '+49 151 1' }] }] }] });
    await call('DELETE', '/definitions/6');
  });

  it('refuses what is no auth event', async () => {
    expect(codes((await call('POST', '/explain', { event: { 'detail-type': 'A B' } })).body)).toEqual([
      'bad_event event.detail-type',
    ]);
  });
});

describe('/tokens', () => {
  it('tells a token by its serial, and a user page by page', async () => {
    expect((await call('GET', '/tokens/T1')).body).toMatchObject({ serial: 'T1', locked: false, pin_set: false });
    const first = await call('GET', '/tokens?login=hans&realm=r1&limit=2');
    expect(first.body.tokens).toMatchObject([{ serial: 'T1' }, { serial: 'T2' }]);
    const next = await call('GET', `/tokens?resolver=ldap&uid=1&limit=2&cursor=${first.body.cursor}`);
    expect(next.body).toMatchObject({ tokens: [{ serial: 'T3' }], cursor: null });
  });

  it.each([
    ['/tokens/NOPE', 404, 'unknown_token serial'],
    ['/tokens?login=hans', 400, 'bad_query '],
    ['/tokens?login=x&realm=r1', 404, 'unknown_user login'],
    ['/tokens?login=hans&realm=r1&limit=0', 400, 'bad_query limit'],
    ['/tokens?login=hans&realm=r1&cursor=abc', 400, 'bad_cursor cursor'],
  ])('refuses %s', async (path, status, fault) => {
    const answer = await call('GET', path);
    expect({ status: answer.status, faults: codes(answer.body) }).toEqual({ status, faults: [fault] });
  });

  it('tells the outcomes of a token, youngest first, one for each id, and never a response', async () => {
    const publish = publisher(eventBridgeClient());
    const announce = (id: string, time: string): Outcome => {
      const event = { id, name: 'auth', time: Date.parse(time) };
      const subject = { id, event, definition: { id: 4, name: 'off' }, action: 'set random pin', serial: 'T1' };
      return done(subject, { pin_set: [false, true] }, { pin: 'geheim12' });
    };
    const results = stack.environment.RESULTS_BUS_NAME ?? '';
    const first = announce('a', '2026-03-15T10:00:00Z');
    const second = announce('b', '2026-03-15T10:00:00.500Z');
    await publish([first, second, first].map((outcome) => outcomeEntry(results, outcome)));
    await stack.idle();
    const { body } = await call('GET', '/tokens/T1/outcomes');
    expect(body).toMatchObject({ outcomes: [{ id: 'b', status: 'done' }, { id: 'a' }], cursor: null });
    expect(body.outcomes).toHaveLength(2);
    expect(JSON.stringify(body)).not.toContain('geheim12');
    const page = await call('GET', '/tokens/T1/outcomes?limit=1');
    const next = await call('GET', `/tokens/T1/outcomes?limit=1&cursor=${page.body.cursor}`);
    expect([page.body.outcomes, next.body.outcomes]).toMatchObject([[{ id: 'b' }], [{ id: 'a' }]]);
  });
});

describe('what is sent to make it fail', () => {
  it('a condition with a name of 3 MB is refused at once, and its name not repeated', async () => {
    const before = process.cpuUsage();
    const answer = await call('PUT', '/definitions/7', { ...OFF, id: 7, conditions: { ['x'.repeat(3_000_000)]: '1' } });
    const { user } = process.cpuUsage(before);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body).length).toBeLessThan(100_000);
    expect(user / 1e6).toBeLessThan(5);
  });

  it.each([
    ['definitions', '{"name":"deep","event":"auth","action":"disable","options":'],
    ['conditions', '{"name":"deep","event":"auth","action":"disable","conditions":'],
  ])('%s nested 20,000 deep are refused', async (_, head) => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `${open.repeat(20_000)}1${close.repeat(20_000)}`;
      expect(await call('PUT', '/definitions/7', `${head}${deep}}`)).toMatchObject({ status: 400 });
      expect(await call('POST', '/explain', `{"event":{"detail-type":"auth","detail":${deep}}}`)).toMatchObject({
        status: 400,
      });
    }
  });

  it.each([
    ['tokens', '/tokens?login=hans&realm=r1', 'ldap 1'],
    ['outcomes', '/tokens/T1/outcomes?limit=1', 'T1'],
  ])('a crafted cursor of %s is refused', async (_, path, question) => {
    const crafted = ['', '\ud800', 'x'.repeat(1025), 1, null, { S: 'T1' }].map((after) => [question, after]);
    for (const cursor of [...crafted, [question], {}, 'x', [['ldap 1'], 'T1']]) {
      const written = Buffer.from(JSON.stringify(cursor)).toString('base64url');
      const answer = await call('GET', `${path}&cursor=${written}`);
      expect([cursor, answer.status, codes(answer.body)]).toEqual([cursor, 400, ['bad_cursor cursor']]);
    }
  });

  it('a secret under an escaped name is sealed and never shown', async () => {
    const additional_params = '{"p\\u0069n": "geheim4711"}';
    const options = { tokentype: 'hotp', additional_params };
    const put = await call('PUT', '/definitions/8', { name: 'escaped', event: 'auth', action: 'enroll', options });
    expect(put.status).toBe(201);
    const shown = await call('GET', '/definitions/8');
    const { Items } = await documentClient().send(new ScanCommand({ TableName: stack.environment.DEFINITIONS_TABLE }));
    expect(JSON.stringify([put.body, shown.body, Items])).not.toContain('geheim4711');
    await call('DELETE', '/definitions/8');
  });
});

it('shows no secret that somebody stored in tokeninfo, neither as it is nor as it changes', async () => {
  const info = { 'radius.secret': 'geheim1', private_key_server: 'geheim2', pin: 'geheim3', note: 'seen' };
  const store = tokenStore(documentClient(), stack.environment.TOKENS_TABLE ?? '');
  await store.create(newRecord({ serial: 'T9', tokentype: 'hotp', user: USER, info }));
  const shown = await call('GET', '/tokens/T9');
  const mask = '********';
  expect(shown.body.info).toEqual({ 'radius.secret': mask, private_key_server: mask, pin: mask, note: 'seen' });
  const owned = await call('GET', '/tokens?login=hans&realm=r1');
  const remove = (id: number, key: string) => ({
    id,
    name: key,
    event: 'drop',
    action: 'delete tokeninfo',
    options: { key },
  });
  const unmet = { ...OFF, id: 21, name: 'unmet', event: 'drop', ordering: 0, conditions: { tokeninfo: 'pin == x' } };
  const dated = { ...OFF, id: 22, name: 'dated', event: 'drop', conditions: { tokeninfo: 'pin < {now}' } };
  for (const one of [remove(20, 'radius.secret'), unmet]) await call('PUT', `/definitions/${one.id}`, one);
  const event = { 'detail-type': 'drop', time: '2026-03-15T10:20:30Z', detail: { serial: 'T9' } };
  const explained = await call('POST', '/explain', { event });
  const undecided = await call('POST', '/explain', { event, definitions: [dated] });
  await eventBridgeClient().send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: stack.environment.BUS_NAME,
          Source: 'idp',
          DetailType: 'drop',
          Detail: JSON.stringify({ id: 'drop-1', serial: 'T9' }),
        },
      ],
    }),
  );
  await stack.idle();
  const { body } = await call('GET', '/tokens/T9/outcomes');
  expect(body.outcomes).toMatchObject([
    { status: 'done', changes: { 'info.radius.secret': [mask, null] } },
    { status: 'skipped', reason: { saw: mask } },
  ]);
  expect(JSON.stringify([shown, owned, explained, undecided, body])).not.toContain('geheim');
});

it('tells the catalogue', async () => {
  expect((await call('GET', '/actions')).body.actions).toContainEqual(expect.objectContaining({ name: 'disable' }));
  expect((await call('GET', '/conditions')).body.conditions).toContainEqual(
    expect.objectContaining({ name: 'tokentype' }),
  );
});

/**
 * Runs every function on hostile variants of its input: it answers, or refuses with a code, and then puts and writes nothing.
 * A step that is not done does not change its token. No secret is returned or logged.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actions } from '../../lib/action/catalogue.ts';
import { DEFINITIONS, EVENT, optionsOf, PART_OF_SECRET, SCENARIO, SECRET, USER } from './good.ts';
import { fuzz, TIMEOUT } from './runs.ts';
import { type FuzzStage, NOW, startStage } from './stage.ts';
import { variantsOf } from './variants.ts';

let stage: FuzzStage;
beforeAll(async () => {
  stage = await startStage(SCENARIO);
});
afterAll(() => stage?.stop());

describe('dispatch', () => {
  it('takes the good event', async () => {
    expect(await stage.call('dispatch', EVENT)).toMatchObject({ refusal: null, put: 1 });
  });

  it('takes what is an event, and puts what is none into the dead-letter queue', { timeout: TIMEOUT }, async () => {
    await fuzz('dispatch', variantsOf(EVENT), 40, async (event) => {
      expect((await stage.call('dispatch', event)).refusal).toBeNull();
    });
  });
});

/** Actions that are slow because they hash a PIN. */
const COSTLY = ['set random pin'];

describe.each(actions.map(({ name }, i) => [name, i] as const))('%s', (name, i) => {
  const serial = `T-${i}`;
  const slip = {
    source: 'tokenwright',
    'detail-type': 'token.action',
    detail: {
      action: name,
      event: { id: 'e1', name: 'auth', source: 'idp', position: 'post', time: NOW },
      serial: name === 'enroll' ? null : serial,
      ...(name === 'enroll' ? { about: [serial] } : {}),
      user: USER,
      facts: { client_ip: '10.0.0.1', user_agent: 'Mozilla/5.0', transaction_id: '1', container_serial: 'C1' },
      steps: [
        { definition: i + 1, version: 1, action: name, open: [0, 1] },
        { definition: 2, version: 1, action: 'delete', open: [] },
      ],
      at: 0,
    },
  };
  const bare = {
    action: name,
    options: optionsOf(name),
    serials: [serial, 'T1'],
    event: { id: 'b1', name: 'auth', time: '2026-03-15T10:20:30Z', source: 'idp' },
  };
  const file = `actions/${name.replaceAll(' ', '-')}`;

  it('does the good step', async () => {
    const { outcomes } = await stage.call(file, slip);
    expect(outcomes).toMatchObject([{ status: 'done' }]);
  });

  it('survives hostile steps', { timeout: TIMEOUT }, async () => {
    const runs = COSTLY.includes(name) ? 3 : 6;
    const inputs = fc.oneof(
      variantsOf(slip),
      variantsOf(bare),
      variantsOf(bare.options).map((options) => ({ ...bare, options })),
    );
    await fuzz(name, inputs, runs, async (event) => {
      await stage.call(file, event);
    });
  });
});

interface Request {
  readonly routeKey: string;
  readonly path?: object;
  readonly query?: object;
  readonly body?: unknown;
}

const REQUESTS: readonly (readonly [file: string, request: Request, runs: number])[] = [
  ['http/pre', { routeKey: 'POST /pre', body: EVENT }, 30],
  ['http/definitions', { routeKey: 'GET /definitions/{id}', path: { id: '1' } }, 10],
  ['http/definitions', { routeKey: 'GET /definitions/{id}/history', path: { id: '1' } }, 10],
  [
    'http/definitions',
    {
      routeKey: 'PUT /definitions/{id}',
      path: { id: '60' },
      query: { message: 'why' },
      body: { ...DEFINITIONS[19], id: 60 },
    },
    25,
  ],
  ['http/definitions', { routeKey: 'PUT /definitions/{id}', path: { id: '6' }, body: DEFINITIONS[5] }, 12],
  ['http/definitions', { routeKey: 'DELETE /definitions/{id}', path: { id: '60' }, query: { message: 'why' } }, 10],
  ['http/definitions', { routeKey: 'POST /definitions/plan', body: { definitions: DEFINITIONS } }, 20],
  [
    'http/definitions',
    { routeKey: 'POST /definitions/apply', body: { definitions: DEFINITIONS, message: 'why', set: 1 } },
    10,
  ],
  ['http/explain', { routeKey: 'POST /explain', body: { event: EVENT, serial: 'T1', definitions: DEFINITIONS } }, 20],
  ['http/catalogue', { routeKey: 'GET /actions' }, 5],
  ['http/tokens', { routeKey: 'GET /tokens', query: { login: 'cornelius', realm: 'realm1', limit: '2' } }, 10],
  [
    'http/tokens',
    { routeKey: 'GET /tokens', query: { resolver: 'resolver1', uid: '1000', limit: '2', cursor: 'WyJhIiwiYiJd' } },
    10,
  ],
  ['http/tokens', { routeKey: 'GET /tokens/{serial}', path: { serial: 'T1' } }, 6],
  ['http/tokens', { routeKey: 'GET /tokens/{serial}/outcomes', path: { serial: 'T1' }, query: { limit: '2' } }, 6],
];

describe.each(REQUESTS.map(([file, request, runs]) => [request.routeKey, file, request, runs] as const))(
  '%s',
  (_, file, good, runs) => {
    it('answers the good request', async () => {
      const { result } = await stage.call(file, eventOf(good));
      expect([200, 201, 400, 404, 409]).toContain((result as Answer).statusCode);
    });

    it('answers hostile ones, refusing with codes and without the secrets', { timeout: TIMEOUT }, async () => {
      await fuzz(good.routeKey, requestsLike(good), runs, async (request) => {
        const { result, refusal } = await stage.call(file, eventOf(request));
        expect(refusal).toBeNull();
        const { statusCode, body } = result as Answer;
        expect([200, 201, 400, 404, 409]).toContain(statusCode);
        if (statusCode < 400) return;
        const { code, errors } = JSON.parse(body) as { code: string; errors: { code: string; path: string }[] };
        expect([code, ...errors.map((error) => error.code)].every((one) => /^[a-z_]+$/.test(one))).toBe(true);
        expect(body).not.toMatch(PART_OF_SECRET);
      });
    });
  },
);

interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

/** Converts path and query to texts, since API Gateway passes only texts. */
function requestsLike({ routeKey, path, query, body }: Request): fc.Arbitrary<Request> {
  const parts = {
    path: textsLike(path),
    query: textsLike(query),
    body: body === undefined ? fc.constant(body) : bodiesLike(body),
  };
  return fc.record(parts).map((given) => ({ routeKey, ...given }));
}

function bodiesLike(body: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(body);
  return fc.oneof(
    { weight: 8, arbitrary: variantsOf(body).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.nat({ max: text.length }).map((end) => text.slice(0, end)) },
    { weight: 1, arbitrary: fc.constant(broken(text)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
}

/** A value like a secret without quotes. */
const broken = (text: string): string => text.replace(`"${SECRET}`, SECRET);

function textsLike(texts: object | undefined): fc.Arbitrary<object | undefined> {
  if (texts === undefined) return fc.constant(undefined);
  return fc.oneof(fc.constant(texts), variantsOf(texts).map(onlyTexts));
}

function onlyTexts(value: unknown): object {
  const entries = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return Object.fromEntries(entries.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));
}

function eventOf({ routeKey, path, query, body }: Request): object {
  return {
    version: '2.0',
    routeKey,
    requestContext: { timeEpoch: NOW, authorizer: { iam: { userArn: 'arn:aws:iam::1:user/ada' } } },
    ...(path && { pathParameters: path }),
    ...(query && { queryStringParameters: query }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}

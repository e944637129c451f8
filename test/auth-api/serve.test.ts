import { beforeEach, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { badParameter, forbidden, unknownUser } from '../../lib/auth-api/fault.ts';
import { type Api, type Done, type RaisedEvent, serveApi } from '../../lib/auth-api/serve.ts';
import { rawRequestOf } from '../../lib/lambda/auth-handler.ts';

const Body = z.looseObject({ id: z.number(), time: z.number(), result: z.looseObject({}) });
let raised: RaisedEvent[];
let work: () => Promise<Done>;

beforeEach(() => {
  raised = [];
  work = async () => ({ value: true, detail: { message: 'matching 1 tokens', serial: 'SP1' } });
});

const api = (): Api => ({
  operations: {
    'POST /validate/check': {
      event: 'validate_check',
      id: 2,
      role: 'client',
      async prepare({ parameters }) {
        if (!parameters['user']) throw badParameter('You need to specify a serial, user or credential_id.');
        return { user: { login: 'alice', realm: 'realm1' }, request: { realm: 'realm1' }, perform: () => work() };
      },
    },
  },
  access: {
    async admit(_, __, key) {
      if (key === 'wrong') throw forbidden('A valid API key is missing.');
      return null;
    },
  },
  events: {
    async pre(event) {
      raised.push(event);
    },
    async post(event) {
      raised.push(event);
    },
  },
});

/** A form as API Gateway passes it, in payload format 2.0. */
function event(body: string, path = '/validate/check') {
  return {
    version: '2.0',
    routeKey: 'ANY /validate/{proxy+}',
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'FreeRADIUS' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api1',
      domainName: 'api1.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'api1',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'FreeRADIUS' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: 'ANY /validate/{proxy+}',
      stage: '$default',
      time: '01/Dec/2026:12:00:00 +0000',
      timeEpoch: 1796126400250,
    },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

const serve = async (...request: Parameters<typeof event>) => {
  const { statusCode, body } = await serveApi(rawRequestOf(event(...request)), api());
  return { statusCode, body: body === '' ? null : Body.parse(JSON.parse(body)) };
};

it('answers with the envelope, and raises pre and post without secrets', async () => {
  const { statusCode, body } = await serve('user=alice&pass=1234');
  expect(statusCode).toBe(200);
  expect(body).toEqual({
    id: 2,
    jsonrpc: '2.0',
    result: { status: true, value: true, authentication: 'ACCEPT' },
    detail: { message: 'matching 1 tokens', serial: 'SP1' },
    time: 1796126400.25,
    version: expect.stringMatching(/^Tokenwright /),
    versionnumber: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
  expect(raised.map(({ detail }) => detail['position'])).toEqual(['pre', 'post']);
  expect(raised[1]).toEqual({
    id: 'JKJaXmPLvHcESHA=',
    source: 'tokenwright.auth',
    'detail-type': 'validate_check',
    time: '2026-12-01T12:00:00.250Z',
    detail: {
      id: 'JKJaXmPLvHcESHA=',
      position: 'post',
      occurred_at: '2026-12-01T12:00:00.250Z',
      client_ip: '203.0.113.7',
      user_agent: 'FreeRADIUS',
      logged_in_user: null,
      user: { login: 'alice', realm: 'realm1' },
      serial: null,
      request: { user: 'alice', realm: 'realm1' },
      response: {
        result: { status: true, value: true, authentication: 'ACCEPT' },
        detail: { message: 'matching 1 tokens', serial: 'SP1' },
      },
    },
  });
});

it('raises nothing where the call is refused before the work', async () => {
  expect(await serve('pass=1234')).toMatchObject({
    statusCode: 400,
    body: { id: 1, result: { status: false, error: { code: 905 } }, detail: null },
  });
  expect(await serve('user=alice', '/k/wrong/validate/check')).toMatchObject({ statusCode: 403 });
  expect(raised).toEqual([]);
});

it('raises a post event that tells a fault, so that definitions see attacks', async () => {
  work = async () => {
    throw unknownUser('User <alice@realm1> does not exist.');
  };
  const { statusCode, body } = await serve('user=alice');
  const error = { code: 904, message: 'ERR904: User <alice@realm1> does not exist.' };
  expect(statusCode).toBe(400);
  expect(body?.result).toEqual({ status: false, error });
  expect(raised[1]?.detail['response']).toEqual({ result: { status: false, error }, detail: null });
});

it('answers without a body where the operation says so; the event still has the JSON', async () => {
  work = async () => ({ value: false, detail: { message: 'wrong otp pin' }, bare: 400 });
  expect(await serve('user=alice')).toEqual({ statusCode: 400, body: null });
  expect(raised[1]?.detail['response']).toMatchObject({ result: { authentication: 'REJECT' } });
});

it.each([
  [{ value: false, detail: { multi_challenge: [{}] } }, 'CHALLENGE'],
  [{ value: 0, detail: { multi_challenge: [] } }, 'REJECT'],
  [{ value: { auth: true } }, 'ACCEPT'],
  [{ value: false, detail: { challenge_status: 'declined' } }, 'DECLINED'],
])('says what %j means', async (done, authentication) => {
  work = async () => done;
  expect((await serve('user=alice')).body?.result).toMatchObject({ authentication });
});

it('leaves an empty detail out', async () => {
  work = async () => ({ value: true, detail: {} });
  expect((await serve('user=alice')).body).not.toHaveProperty('detail');
});

/** Calls of the HTTP API by function, which together need every permission of each, and what each must be answered with. */
import type { ExpectedAnswer } from './recorded-functions.ts';

export interface HttpCall {
  readonly routeKey: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly rawPath?: string;
  readonly rawQueryString?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestContext?: object;
  readonly expected: ExpectedAnswer;
}

const OK: ExpectedAnswer = { status: 200 };
const CREATED: ExpectedAnswer = { status: 201 };

const call = (routeKey: string, body?: object, pathParameters: Readonly<Record<string, string>> = {}): HttpCall => ({
  routeKey,
  pathParameters,
  ...(body && { body: JSON.stringify(body) }),
  expected: OK,
});
const ask = (routeKey: string, queryStringParameters: Readonly<Record<string, string>>): HttpCall => ({
  routeKey,
  queryStringParameters,
  expected: OK,
});

/** Puts two definitions with a secret, at `enroll_sealed`. @param pin in the clear, or its mask to keep it */
export function putEnrolments(pin: string, expected: ExpectedAnswer): HttpCall[] {
  return (['pre', 'post'] as const).map((position, i) => {
    const options = { tokentype: 'spass', additional_params: { pin } };
    const body = { name: `sealed ${position}`, event: 'enroll_sealed', position, action: 'enroll', options };
    return { ...call('PUT /definitions/{id}', body, { id: String(901 + i) }), expected };
  });
}

const EXPLAINED = [
  { 'detail-type': 'disable', detail: { serial: 'T-disable' } },
  { 'detail-type': 'leaving', detail: { user: { login: 'cornelius', realm: 'realm1' } } },
];

export const HTTP_CALLS: Readonly<Record<string, readonly HttpCall[]>> = {
  definitions: [
    ...putEnrolments('1234', CREATED),
    call('GET /definitions'),
    call('GET /definitions/{id}', undefined, { id: '901' }),
    call('GET /definitions/{id}/history', undefined, { id: '901' }),
    call('POST /definitions/plan', { definitions: [] }),
    call('DELETE /definitions/{id}', undefined, { id: '300' }),
  ],
  catalogue: [call('GET /actions'), call('GET /conditions')],
  explain: EXPLAINED.map((event) => call('POST /explain', { event })),
  tokens: [
    ask('GET /tokens', { login: 'cornelius', realm: 'realm1' }),
    ask('GET /tokens', { resolver: 'resolver1', uid: '1000' }),
    call('GET /tokens/{serial}', undefined, { serial: 'ONLY' }),
    call('GET /tokens/{serial}/outcomes', undefined, { serial: 'ONLY' }),
  ],
};

/** Whose tokens the front door's calls are about: the scenario of permissions.test.ts has them. */
export const AT_THE_DOOR = {
  user: { login: 'dora', realm: 'realm1', resolver: 'resolver1', uid: '1002' },
  /** RFC 4226's key, whose first password is 755224. */
  otpkey: '3132333435363738393031323334353637383930',
  password: '755224',
  admin: { username: 'ada', password: 'sesame' },
};

let requests = 0;

/** A form, as API Gateway hands it over. @param under the open part of the API, or that where calls are signed */
function form(
  under: '' | '/iam',
  method: string,
  path: string,
  fields: Readonly<Record<string, string>>,
  expected: ExpectedAnswer = OK,
): HttpCall {
  const text = new URLSearchParams(fields).toString();
  requests += 1;
  return {
    routeKey: `ANY ${under}${path}`,
    rawPath: `${under}${path}`,
    rawQueryString: method === 'GET' ? text : '',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    ...(method === 'GET' ? {} : { body: text }),
    requestContext: { requestId: `request-${requests}`, http: { method, sourceIp: '10.0.0.1' } },
    expected,
  };
}

const { user, password, admin } = AT_THE_DOOR;
const check = (fields: Readonly<Record<string, string>>, value: boolean) =>
  form('/iam', 'POST', '/validate/check', fields, { status: 200, value });

/**
 * Calls of the front door's functions, the last of which is repeated by a new process. Definitions at `validate_check`,
 * `token_list` and `token_init` do all that `pre` ones may.
 */
export const FRONT_DOOR_CALLS: Readonly<Record<string, readonly HttpCall[]>> = {
  validate: [
    check({ user: user.login, pass: 'wrong' }, false),
    check({ serial: 'DOOR', pass: '000000', transaction_id: '42' }, false),
    check({ serial: 'DOOR', pass: password, transaction_id: '42' }, true),
    form('/iam', 'POST', '/validate/triggerchallenge', { user: user.login }),
  ],
  administration: [
    form('', 'POST', '/auth', { username: admin.username, password: 'wrong' }, { status: 401 }),
    form('', 'POST', '/auth', { ...admin }),
    form('/iam', 'POST', '/token/init', { user: user.login, type: 'hotp', container_serial: 'C1' }),
    form('/iam', 'GET', '/token/', {}),
    form('/iam', 'GET', '/token/', { user: user.login }),
    form('/iam', 'GET', '/token/', { serial: 'DOOR' }),
    form('/iam', 'GET', '/token/challenges/', { serial: 'DOOR' }),
    form('/iam', 'POST', '/token/disable', { serial: 'DOOR' }),
    form('/iam', 'POST', '/token/resync', { serial: 'DOOR', otp1: '287082', otp2: '359152' }),
  ],
};

/** For each function a call that creates a token, which needs a data key. */
export const SEALING_CALLS: Readonly<Record<string, HttpCall>> = {
  validate: check({ serial: 'DOOR-spass', pass: 'wrong', transaction_id: '42' }, false),
  administration: form('/iam', 'POST', '/token/init', { user: user.login, type: 'hotp' }),
};

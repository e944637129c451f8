/** Calls of the HTTP API by function, which together need every permission of each. */

interface HttpCall {
  readonly routeKey: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const call = (routeKey: string, body?: object, pathParameters: Readonly<Record<string, string>> = {}): HttpCall => ({
  routeKey,
  pathParameters,
  ...(body && { body: JSON.stringify(body) }),
});
const ask = (routeKey: string, queryStringParameters: Readonly<Record<string, string>>): HttpCall => ({
  routeKey,
  queryStringParameters,
});

/** Two definitions with a secret, at `enroll_sealed`. @param pin in the clear, or its mask where it stays as it is */
export function putEnrolments(pin: string): HttpCall[] {
  return (['pre', 'post'] as const).map((position, i) => {
    const options = { tokentype: 'spass', additional_params: { pin } };
    const body = { name: `sealed ${position}`, event: 'enroll_sealed', position, action: 'enroll', options };
    return call('PUT /definitions/{id}', body, { id: String(901 + i) });
  });
}

const EXPLAINED = [
  { 'detail-type': 'disable', detail: { serial: 'T-disable' } },
  { 'detail-type': 'leaving', detail: { user: { login: 'cornelius', realm: 'realm1' } } },
];

export const HTTP_CALLS: Readonly<Record<string, readonly HttpCall[]>> = {
  definitions: [
    ...putEnrolments('1234'),
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

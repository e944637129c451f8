/**
 * An event for each function, as the buses and the HTTP API hand it over: recorded while one auth event with every
 * action, a bulk run and some calls of the API go through the local stack.
 */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import type { LambdaFunction } from '../../infra/local/wiring.ts';
import { publisher } from '../../lib/event/publish.ts';

/** The id of the event; each cold start gets another one, so that it does its step for the first time. */
const EVENT = 'the-event';
const SERIAL = 'COLD0001';

/** The actions with their options, in order: "delete" must be the last. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'set tokenrealm': { realm: 'realm2' },
  disable: {},
  enable: {},
  enroll: { tokentype: 'hotp' },
  'set description': { description: 'seen at {now}' },
  'set validity': { 'valid from': '+0m', 'valid till': '+30d' },
  'set countwindow': { 'count window': '12' },
  'set tokeninfo': { key: 'seen', value: '{current_time}' },
  'increase tokeninfo': { key: 'times', increment: '1' },
  'delete tokeninfo': { key: 'old' },
  'set failcounter': { 'fail counter': '3' },
  'change failcounter': { 'change fail counter': '+1' },
  'set max failcount': { 'max failcount': '20' },
  'set random pin': { length: '8' },
  'add tokengroup': { tokengroup: 'g1' },
  'remove tokengroup': { tokengroup: 'g2' },
  'attach application': { application: 'ssh', 'machine ID': '1', service_id: 'login', user: 'root' },
  unassign: {},
  delete: {},
};

/** A token with a secret, which a login decrypts. */
const otpkey = '3132333435363738393031323334353637383930';
const USER = { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' };

export interface FirstEvents {
  readonly stack: Stack;
  readonly of: readonly {
    readonly lambda: LambdaFunction;
    /** The event of the cold start with that number, as JSON. */
    event(number: number): string;
  }[];
}

/** Records the events. @param coldStarts the number of cold starts of each function; each gets its own token */
export async function firstEvents(coldStarts: number): Promise<FirstEvents> {
  const seen = new Map<string, unknown>();
  const stack = await startStack({
    environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true', VALIDATE_ACCESS: 'open' },
    onInvocation: ({ functionName, event }) => seen.set(functionName, seen.get(functionName) ?? event),
  });
  Object.assign(process.env, stack.environment);
  const serials = stack.wiring.functions.flatMap(({ key }) =>
    Array.from({ length: coldStarts }, (_, number) => serialOf(key, number)),
  );
  const tables = tablesOf(stack.environment);
  await seed(await readScenario(scenario([SERIAL, ...serials]), Date.now()), tables);
  const publish = publisher(new EventBridgeClient({}));
  for (const name of ['validate_check', 'cleanup']) {
    const { source, detail } = authEvent(name);
    const Detail = JSON.stringify(detail);
    await publish([{ EventBusName: tables.bus, Source: source, DetailType: name, Detail }]);
    await stack.idle();
  }
  await stack.http({ method: 'POST', path: '/pre', body: JSON.stringify(authEvent('auth')) });
  const event = authEvent('validate_check');
  await stack.http({ method: 'POST', path: '/explain', body: JSON.stringify({ event }) });
  for (const path of [`/validate/check?serial=${SERIAL}&pass=123456`, `/token/disable?serial=${SERIAL}`]) {
    await stack.http({ method: 'POST', path: `/iam${path}` });
  }
  for (const path of ['/definitions', '/actions', `/tokens/${SERIAL}`]) await stack.http({ method: 'GET', path });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  for (const path of ['/validate/check', '/auth']) {
    await stack.http({
      method: 'POST',
      path,
      headers,
      body: `user=${USER.login}&username=${USER.login}&pass=0&password=0`,
    });
  }
  return { stack, of: stack.wiring.functions.map((lambda) => eventOf(lambda, seen.get(lambda.name))) };
}

function eventOf(lambda: LambdaFunction, recorded: unknown): FirstEvents['of'][number] {
  if (recorded === undefined) throw new Error(`no event came to ${lambda.name}`);
  const text = JSON.stringify(recorded);
  const event = (number: number): string =>
    text.replaceAll(EVENT, `${EVENT}-${lambda.key}-${number}`).replaceAll(SERIAL, serialOf(lambda.key, number));
  return { lambda, event };
}

const serialOf = (key: string, number: number): string => `${SERIAL}-${key}-${number}`;

function authEvent(name: string) {
  const detail = { id: EVENT, user: USER, serial: SERIAL, client_ip: '10.0.0.1' };
  return { id: EVENT, source: 'bench', 'detail-type': name, detail };
}

function scenario(serials: readonly string[]) {
  const definitions = Object.entries(OPTIONS).map(([action, options], ordering) => {
    return { id: ordering + 1, name: action, event: 'validate_check', action, options, ordering };
  });
  const count = { action: 'change failcounter', options: OPTIONS['change failcounter'] };
  return {
    realms: { realm1: ['resolver1'], realm2: ['resolver1'] },
    users: [USER],
    tokengroups: ['g1', 'g2'],
    tokens: serials.map((serial) => ({ serial, tokentype: 'hotp', otpkey, user: USER, info: { old: 'value' } })),
    definitions: [
      ...definitions,
      { id: 101, name: 'before', event: 'auth', position: 'pre', ...count },
      { id: 102, name: 'tidy', event: 'cleanup', target: 'disabled', confirm: true, ...count },
    ],
  };
}

/** Starts a local stack with users and tokens, and sends requests to `/validate/*`. */
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, type Tables, tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, type StackOptions, startStack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import type { TokenRecord } from '../../lib/token/record.ts';
import { type TokenStore, tokenStore } from '../../lib/token/store.ts';

export const ALICE = { login: 'alice', realm: 'realm1', resolver: 'res1', uid: '1000' };
const PEOPLE = {
  realms: { realm1: ['res1'] },
  default_realm: 'realm1',
  users: [{ ...ALICE, email: 'alice@example.com' }],
};

export interface Door {
  readonly stack: Stack;
  readonly tables: Tables;
  readonly tokens: TokenStore;
  check(params: Readonly<Record<string, string>>, path?: string): Promise<Answer>;
  token(serial: string): Promise<TokenRecord['token']>;
}

export interface Answer {
  readonly status: number;
  readonly value: unknown;
  readonly message: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly error: { readonly code: number; readonly message: string } | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Starts one. @param scenario beside its people */
export async function openDoor(scenario: object, options: Partial<StackOptions> = {}): Promise<Door> {
  const stack = await startStack({
    concurrency: 64,
    retryDelay: () => 0,
    ...options,
    environment: {
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      VALIDATE_ACCESS: 'open',
      MAIL_FROM: 'door@example.com',
      ...options.environment,
    },
  });
  connectTo(stack.environment);
  const tables = tablesOf(stack.environment);
  await seed(await readScenario({ ...PEOPLE, ...scenario }, Date.now()), tables);
  const tokens = tokenStore(documentClient(), tables.tokens);
  return {
    stack,
    tables,
    tokens,
    async check(params, path = '/validate/check') {
      const { statusCode, headers, body } = await stack.http({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(params).toString(),
      });
      const { result = {}, detail } = body === '' ? {} : JSON.parse(body);
      return {
        status: statusCode,
        value: result.value,
        message: detail?.message ?? result.error?.message ?? '',
        detail: detail ?? {},
        error: result.error,
        headers,
      };
    },
    async token(serial) {
      const record = await tokens.read(serial);
      if (!record || record.deletedAt !== null) throw new Error(`no token ${serial}`);
      return record.token;
    },
  };
}

/** Does the same work several times at once. */
export function atOnce<T>(times: number, call: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, i) => call(i)));
}

/** `/token/*`: what administrators change on tokens. Each call says which tokens, and what becomes of one. */
import type { User } from '../directory/user.ts';
import { applyEffects } from '../token/apply.ts';
import { type Effect, FAILCOUNTER_EXCEEDED } from '../token/effect.ts';
import type { TokenRecord } from '../token/record.ts';
import type { Stamp } from '../token/stamp.ts';
import { apply, type ChangeTools, changeToken, stampOf } from './change-token.ts';
import { missingParameter, noSuchUser, tokenFault } from './fault.ts';
import { type NamedTokens, readNamedToken, readNamedTokens, type TokenSources } from './named-tokens.ts';
import { type Parameters, textOf } from './parameters.ts';
import type { ApiCall, ApiOperations, Done, Operation, Prepared } from './serve.ts';

export interface TokenChangeTools extends Omit<TokenSources, 'tokens'>, Omit<ChangeTools, 'tokens'> {
  readonly tokens: TokenSources['tokens'] & ChangeTools['tokens'];
  /** What is stored of a PIN. */
  hashPin(pin: string): Promise<string>;
}

/** How long a tombstone stays, in milliseconds: past every delivery that a ledger's age allows. */
const TOMBSTONE_AGE = 30 * 86_400_000;

const NO_FAILURES: readonly Effect[] = [
  { kind: 'assign', path: 'failcount', value: 0 },
  { kind: 'assign', path: FAILCOUNTER_EXCEEDED, value: null },
];

export function tokenChangeOperations(tools: TokenChangeTools): ApiOperations {
  const operation = (event: string, call: TokenCall): Operation => ({
    event,
    id: 1,
    wanted: 'user or admin',
    prepare: (given) => prepareChange(given, call, tools),
  });
  const enable = operation('token_enable', switchTo(true));
  const disable = operation('token_disable', switchTo(false));
  const revoke = operation('token_revoke', { change: (record, stamp) => applyEffects(record, REVOKED, stamp).record });
  const reset = operation('token_reset', { change: (record, stamp) => apply(record, NO_FAILURES, stamp) });
  const remove = operation('token_delete', { change: entomb, answer: each });
  const unassign = operation('token_unassign', {
    change: (record, stamp) => apply(record, unassigned(record), stamp),
    answer: each,
  });
  return {
    'POST /token/enable': enable,
    'POST /token/enable/{serial}': enable,
    'POST /token/disable': disable,
    'POST /token/disable/{serial}': disable,
    'POST /token/revoke': revoke,
    'POST /token/revoke/{serial}': revoke,
    'POST /token/reset': reset,
    'POST /token/reset/{serial}': reset,
    'POST /token/unassign': unassign,
    'DELETE /token': remove,
    'DELETE /token/{serial}': remove,
    'POST /token/assign': {
      event: 'token_assign',
      id: 1,
      wanted: 'user or admin',
      prepare: (call) => prepareAssign(call, tools),
    },
  };
}

const REVOKED: readonly Effect[] = [
  { kind: 'assign', path: 'revoked', value: true },
  { kind: 'assign', path: 'active', value: false },
];

/** What a call makes of each of its tokens. */
interface TokenCall {
  change(record: TokenRecord, stamp: Stamp): TokenRecord;
  /** Whether a token counts as changed: by default each does. */
  counts?(before: TokenRecord): boolean;
  /** By default their number. */
  answer?(changed: number, named: NamedTokens): Done;
}

/** Written also where nothing changes: its stamp keeps an older event from undoing it. */
function switchTo(active: boolean): TokenCall {
  return {
    change: (record, stamp) => apply(record, [{ kind: 'assign', path: 'active', value: active }], stamp),
    counts: ({ token }) => token.active !== active,
  };
}

function unassigned({ token }: TokenRecord): readonly Effect[] {
  return [
    { kind: 'assign', path: 'user', value: null },
    { kind: 'assign', path: 'pin', value: null },
    ...NO_FAILURES,
    ...(token.user ? [{ kind: 'include', set: 'realms', member: token.user.realm } as const] : []),
  ];
}

function entomb(record: TokenRecord, stamp: Stamp): TokenRecord {
  return { ...applyEffects(record, [{ kind: 'delete' }], stamp).record, expiresAt: stamp.time + TOMBSTONE_AGE };
}

/** The number of those changed; of several that are named, what came of each. */
function each(changed: number, { isList, notFound }: NamedTokens): Done {
  return { value: isList ? { count_success: changed, failed: notFound, unauthorized: [] } : changed };
}

async function prepareChange(
  { parameters, id, now }: ApiCall,
  { change, counts = () => true, answer = (value) => ({ value }) }: TokenCall,
  tools: TokenChangeTools,
): Promise<Prepared> {
  const named = await readNamedTokens(parameters, tools);
  const stamp = stampOf(id, now);
  return {
    ...about(named.records),
    async perform() {
      let changed = 0;
      for (const record of named.records) {
        const before = await changeToken(record, (present) => change(present, stamp), tools);
        if (before && counts(before)) changed += 1;
      }
      return answer(changed, named);
    },
  };
}

/** The tokens and the owner that an event tells. */
export function about(records: readonly TokenRecord[]): Pick<Prepared, 'user' | 'serial'> {
  const [first] = records;
  if (first === undefined) return {};
  const serial = records.map(({ token }) => token.serial).join(',');
  return { serial, user: first.token.user };
}

async function prepareAssign({ parameters, id, now }: ApiCall, tools: TokenChangeTools): Promise<Prepared> {
  const record = await readNamedToken(parameters, tools);
  const user = await requiredUser(parameters, tools);
  const pin = textOf(parameters, 'pin') || undefined;
  const stamp = stampOf(id, now);
  return {
    serial: record.token.serial,
    user,
    async perform() {
      const hash = pin === undefined ? [] : [await tools.hashPin(pin)];
      const { login, realm, resolver, uid } = user;
      const effects: readonly Effect[] = [
        { kind: 'assign', path: 'user', value: { login, realm, resolver, uid } },
        { kind: 'include', set: 'realms', member: realm },
        ...NO_FAILURES,
        ...hash.map((value) => ({ kind: 'assign', path: 'pin', value }) as const),
      ];
      await changeToken(record, (present) => apply(unowned(present), effects, stamp), tools);
      return { value: true };
    },
  };
}

async function requiredUser(parameters: Parameters, { readUser }: TokenSources): Promise<User> {
  const named = await readUser(parameters);
  if (named === null) throw missingParameter("'user'");
  if (named.user === null) throw noSuchUser();
  return named.user;
}

/** @throws ApiFault 400 where somebody owns it */
function unowned(record: TokenRecord): TokenRecord {
  const { user } = record.token;
  if (user === null) return record;
  const { login, realm, resolver } = user;
  throw tokenFault(
    1103,
    `Token already assigned to user User(login='${login}', realm='${realm}', resolver='${resolver}')`,
  );
}

/** Changes tokens: `/token/enable`, `disable`, `revoke`, `reset`, `unassign`, `assign`, and `DELETE /token`. */
import { applyEffects } from '../../token/apply.ts';
import { type Effect, FAILCOUNTER_EXCEEDED } from '../../token/effect.ts';
import { TOMBSTONE_AGE, type TokenRecord } from '../../token/record.ts';
import type { Stamp } from '../../token/stamp.ts';
import { apply, type ChangeTools, changeToken, stampOf } from '../change-token.ts';
import { missingParameter, noSuchUser, tokenFault } from '../fault.ts';
import { eventFieldsOf, type NamedTokens, readNamedToken, readNamedTokens, type TokenLookup } from '../named-tokens.ts';
import { textOf } from '../parameter-values.ts';
import type { Done, RouteHandler } from '../serve.ts';

export interface TokenChangeTools extends Omit<TokenLookup, 'tokens'>, Omit<ChangeTools, 'tokens'> {
  readonly tokens: TokenLookup['tokens'] & ChangeTools['tokens'];
  /** Computes what is stored of a PIN. */
  hashPin(pin: string): Promise<string>;
}

const NO_FAILURES: readonly Effect[] = [
  { kind: 'assign', path: 'failcount', value: 0 },
  { kind: 'assign', path: FAILCOUNTER_EXCEEDED, value: null },
];
const REVOKED: readonly Effect[] = [
  { kind: 'assign', path: 'revoked', value: true },
  { kind: 'assign', path: 'active', value: false },
];

export const enableTokens = onEach((record, stamp) => setActive(record, true, stamp), {
  counts: ({ token }) => !token.active,
});

// A revoked token is inactive already, so there is nothing to change.
export const disableTokens = onEach(
  (record, stamp) => (record.token.revoked ? null : setActive(record, false, stamp)),
  {
    counts: ({ token }) => token.active,
  },
);

export const revokeTokens = onEach((record, stamp) => applyEffects(record, REVOKED, stamp).record);

export const resetTokens = onEach((record, stamp) => apply(record, NO_FAILURES, stamp));

export const unassignTokens = onEach((record, stamp) => apply(record, unassigned(record), stamp), { answer: each });

export const deleteTokens = onEach(
  (record, stamp) => {
    const deleted = applyEffects(record, [{ kind: 'delete' }], stamp).record;
    return { ...deleted, expiresAt: stamp.time + TOMBSTONE_AGE };
  },
  { answer: each },
);

export const assignToken: RouteHandler<TokenChangeTools> = async ({ parameters, id, now }, tools) => {
  const record = await readNamedToken(parameters, tools);
  const named = await tools.readUser(parameters);
  if (named === null) throw missingParameter("'user'");
  const { user } = named;
  if (user === null) throw noSuchUser();
  const pin = textOf(parameters, 'pin');
  const stamp = stampOf(id, now);
  return {
    serial: record.token.serial,
    user,
    async perform() {
      const { login, realm, resolver, uid } = user;
      const effects: Effect[] = [
        { kind: 'assign', path: 'user', value: { login, realm, resolver, uid } },
        { kind: 'include', set: 'realms', member: realm },
        ...NO_FAILURES,
      ];
      if (pin !== undefined) {
        effects.push({ kind: 'assign', path: 'pin', value: pin === '' ? null : await tools.hashPin(pin) });
      }
      await changeToken(record, (present) => apply(unowned(present), effects, stamp), tools);
      return { value: true };
    },
  };
};

interface Counting {
  /** Tells whether a token counts as changed; by default every one does. */
  counts?(before: TokenRecord): boolean;
  /** Makes the answer; by default the number of changed tokens. */
  answer?(changed: number, named: NamedTokens): Done;
}

/** Makes the handler of a route that changes each of the tokens that a call names. */
function onEach(
  change: (record: TokenRecord, stamp: Stamp) => TokenRecord | null,
  { counts = () => true, answer = (value) => ({ value }) }: Counting = {},
): RouteHandler<TokenChangeTools> {
  return async ({ parameters, id, now }, tools) => {
    const named = await readNamedTokens(parameters, tools);
    const stamp = stampOf(id, now);
    return {
      ...eventFieldsOf(named.records),
      async perform() {
        let changed = 0;
        for (const record of named.records) {
          const before = await changeToken(record, (present) => change(present, stamp), tools);
          if (before && counts(before)) changed += 1;
        }
        return answer(changed, named);
      },
    };
  };
}

/**
 * Enables or disables a token. Written also if it is so already: the stamp keeps an older event from changing it back.
 */
function setActive(record: TokenRecord, active: boolean, stamp: Stamp): TokenRecord {
  return apply(record, [{ kind: 'assign', path: 'active', value: active }], stamp);
}

/** Lists the effects of unassigning; the owner's realm stays one of the token's. */
function unassigned({ token }: TokenRecord): readonly Effect[] {
  return [
    { kind: 'assign', path: 'user', value: null },
    { kind: 'assign', path: 'pin', value: null },
    ...NO_FAILURES,
    ...(token.user ? [{ kind: 'include', set: 'realms', member: token.user.realm } as const] : []),
  ];
}

/** Returns the record if nobody owns the token. @throws ApiFault 400 */
function unowned(record: TokenRecord): TokenRecord {
  const { user } = record.token;
  if (user === null) return record;
  const { login, realm, resolver } = user;
  throw tokenFault(
    1103,
    `Token already assigned to user User(login='${login}', realm='${realm}', resolver='${resolver}')`,
  );
}

/** Answers the number of changed tokens or, where `serials` was given, what became of each. */
function each(changed: number, { isList, notFound }: NamedTokens): Done {
  return { value: isList ? { count_success: changed, failed: notFound, unauthorized: [] } : changed };
}

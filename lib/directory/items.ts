/**
 * The items of the directory, by kind, and their keys. Each schema is made on first use, because most steps do not ask the
 * directory.
 */
import * as z from 'zod/mini';
import { isoTime } from '../base/clock.ts';
import type { UserIdentity } from './user.ts';

const text = z.string();

export const UserItem = z.lazy(() =>
  z.looseObject({
    login: text,
    realm: text,
    resolver: text,
    uid: text,
    attributes: z.record(text, text),
    /** Failed attempts in a window, and when it began, in seconds since 1970. */
    failures: z.optional(z.int()),
    failures_since: z.optional(z.int()),
  }),
);

/** The failed attempts of a user; `since` in seconds since 1970. */
export interface Failures {
  readonly since: number;
  readonly count: number;
}

export const RealmItem = z.lazy(() => z.looseObject({ sk: text, resolvers: z.array(text) }));
/** A date, or seconds since 1970 if DynamoDB deletes the item then. */
const challengeEnd = z.pipe(
  z.union([text, z.int()]),
  z.transform((end) => (typeof end === 'string' ? end : isoTime(end * 1000))),
);
export const ChallengeItem = z.lazy(() =>
  z.looseObject({ serial: text, transaction_id: text, session: text, expires: challengeEnd }),
);
export const CounterItem = z.lazy(() => z.looseObject({ sk: text, value: z.number() }));
export const ContainerItem = z.lazy(() =>
  z.looseObject({
    serial: text,
    type: text,
    states: z.array(text),
    realms: z.array(text),
    users: z.array(z.object({ login: text, realm: text, resolver: text, uid: text })),
    tokens: z.array(text),
    info: z.record(text, text),
    last_authentication: z.nullable(text),
    last_synchronization: z.nullable(text),
  }),
);

/** Encodes a key part, which may hold any text, also half of a surrogate pair. */
const part = (text: string): string => encodeURIComponent(text.toWellFormed());

/** Ignores the case of realms, as privacyIDEA does. */
const realmPart = (realm: string): string => part(realm.toLowerCase());

/** The keys of the table. */
export const keys = {
  realm: (name: string) => ({ pk: 'realm', sk: name }),
  tokengroup: (name: string) => ({ pk: 'tokengroup', sk: name }),
  userByLogin: ({ realm, login }: Pick<UserIdentity, 'realm' | 'login'>) => ({
    pk: `login#${realmPart(realm)}#${part(login.normalize('NFC'))}`,
    sk: 'user',
  }),
  userByUid: ({ resolver, uid, realm }: Pick<UserIdentity, 'resolver' | 'uid' | 'realm'>) => ({
    pk: `uid#${part(resolver)}#${part(uid)}`,
    sk: realm.toLowerCase(),
  }),
  container: (serial: string) => ({ pk: `container#${part(serial)}`, sk: 'container' }),
  containerOfToken: (serial: string) => ({ pk: `token#${part(serial)}`, sk: 'container' }),
  containerOfUser: ({ resolver, uid }: Pick<UserIdentity, 'resolver' | 'uid'>, serial: string) => ({
    pk: `user-containers#${part(resolver)}#${part(uid)}`,
    sk: serial,
  }),
  challenge: (serial: string, transaction: string) => ({ pk: `challenges#${part(serial)}`, sk: transaction }),
  counter: (name: string) => ({ pk: 'counter', sk: name }),
};

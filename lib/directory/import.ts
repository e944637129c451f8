/** Directories in files: users, realms, token groups, containers, challenges and counters. */
import * as z from 'zod/mini';
import { exactText, textOrNumber } from '../schema/scalar.ts';
import { transformWith } from '../schema/validate.ts';
import type { ItemKey } from './item-directory.ts';
import { keys } from './items.ts';
import { UserIdentity } from './user.ts';

const text = z.string();
/** Part of a key, which DynamoDB does not allow to be empty. */
const name = text.check(z.minLength(1));
const optional = <S extends z.ZodMiniType>(schema: S) => z.optional(z.nullable(schema));
const AttributeText = z.pipe(
  z.nullable(z.union([text, z.number(), z.boolean(), z.array(text)])),
  transformWith((value: string | number | boolean | string[] | null) => {
    // A directory may have a list of values: the first is used.
    const first = Array.isArray(value) ? (value[0] ?? null) : value;
    return typeof first === 'number' ? exactText(first, 'bad_scenario') : String(first ?? '');
  }),
);

/** A number, also one that was written otherwise than it prints, such as 1.0. */
const numeric = z.pipe(
  z.union([z.number(), text.check(z.regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/, 'must be a number'))]),
  z.transform(Number),
);

/** Any further key of a user is an attribute. */
const ImportedUser = z.catchall(
  z.object({ login: name, realm: name, resolver: name, uid: z.pipe(textOrNumber('bad_scenario'), name) }),
  AttributeText,
);

const ImportedContainer = z.strictObject({
  serial: name,
  type: optional(text),
  states: optional(z.array(text)),
  realms: optional(z.array(text)),
  users: optional(z.array(UserIdentity)),
  tokens: optional(z.array(name)),
  info: optional(z.record(text, AttributeText)),
  last_authentication: optional(text),
  last_synchronization: optional(text),
});

/** The fields of a directory in a file; each may be absent. */
export const ImportedDirectory = {
  realms: optional(z.record(name, z.array(text))),
  users: optional(z.array(ImportedUser)),
  tokengroups: optional(z.array(name)),
  containers: optional(z.array(ImportedContainer)),
  challenges: optional(
    z.array(z.object({ serial: name, transaction_id: name, session: z._default(text, ''), expires: text })),
  ),
  counters: optional(z.record(name, numeric)),
};
type Imported = { readonly [K in keyof typeof ImportedDirectory]?: z.output<(typeof ImportedDirectory)[K]> };

/** Makes the items of a directory. */
export function directoryItems(input: Imported): (ItemKey & Record<string, unknown>)[] {
  return [
    ...Object.entries(input.realms ?? {}).map(([name, resolvers]) => ({ ...keys.realm(name), resolvers })),
    ...(input.tokengroups ?? []).map((name) => keys.tokengroup(name)),
    ...(input.users ?? []).flatMap(userItems),
    ...(input.containers ?? []).flatMap(containerItems),
    ...(input.challenges ?? []).map((one) => ({ ...keys.challenge(one.serial, one.transaction_id), ...one })),
    ...Object.entries(input.counters ?? {}).map(([name, value]) => ({ ...keys.counter(name), value })),
  ];
}

function userItems({ login, realm, resolver, uid, ...others }: z.output<typeof ImportedUser>) {
  const attributes = { ...others, login, realm, resolver, userid: uid };
  const item = { login, realm, resolver, uid, attributes };
  return [
    { ...keys.userByLogin(item), ...item },
    { ...keys.userByUid(item), ...item },
  ];
}

function containerItems(input: z.output<typeof ImportedContainer>) {
  const { serial, type, states, realms, users, tokens, info, last_authentication, last_synchronization } = input;
  const item = {
    serial,
    type: type ?? 'generic',
    states: states ?? [],
    realms: realms ?? [],
    users: users ?? [],
    tokens: tokens ?? [],
    info: info ?? {},
    last_authentication: last_authentication ?? null,
    last_synchronization: last_synchronization ?? null,
  };
  return [
    { ...keys.container(serial), ...item },
    ...item.tokens.map((token) => ({ ...keys.containerOfToken(token), container: serial })),
    ...item.users.map((user) => keys.containerOfUser(user, serial)),
  ];
}

/**
 * Tokens in files: the input of `tokens import` and of scenarios. Only serial and tokentype are required. A number is
 * accepted as a text if its digits are certain.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { textOrNumber } from '../schema/scalar.ts';
import { isSecretInfo } from '../schema/secret-names.ts';
import type { SecretBox } from '../secret/box.ts';
import { hashPin } from '../secret/pin.ts';
import { readStored } from '../text/stored-value.ts';
import { newRecord, type TokenRecord } from '../token/record.ts';
import { readInfo, storedInfo } from '../token/token.ts';
import { findTokenType } from './catalogue.ts';
import { motpSecret } from './types/motp.ts';
import { storedByAll } from './verify-password.ts';

const optional = <S extends z.ZodMiniType>(schema: S) => z.optional(z.nullable(schema));
const text = textOrNumber('bad_token');
const name = z.pipe(text, z.string().check(z.minLength(1)));
const integer = z.int();
const count = integer.check(z.gte(0));
const flag = z.pipe(z.boolean(), z.transform(String));

/** Renames the key `__proto__`, which zod would lose. */
const Info = z.pipe(
  z.pipe(
    z.transform((info: unknown) => (isObject(info) && !Array.isArray(info) ? storedInfo(info) : info)),
    z.record(z.string().check(z.minLength(1)), z.union([text, flag])),
  ),
  z.transform(readInfo<string>),
);

/** Tokeninfo that may also be written beside `info`. */
const BESIDE_INFO = ['phone', 'email', 'service_id', 'hashlib', 'timeStep'] as const;

export const ImportedToken = z
  .strictObject({
    serial: z.pipe(
      text,
      z.string().check(z.minLength(1), z.maxLength(256), z.regex(/^[^,\s]+$/, 'must hold no spaces and no commas')),
    ),
    tokentype: name,
    active: optional(z.boolean()),
    revoked: optional(z.boolean()),
    /** Accepted, and ignored: it follows from failcount and maxfail. */
    locked: optional(z.boolean()),
    description: optional(text),
    realms: optional(z.array(text)),
    user: optional(z.object({ login: text, realm: text, resolver: text, uid: text })),
    failcount: optional(integer),
    maxfail: optional(integer),
    count: optional(count),
    count_window: optional(integer),
    sync_window: optional(integer),
    otplen: optional(count),
    rollout_state: optional(text),
    tokengroups: optional(z.array(text)),
    applications: optional(z.array(z.record(z.string(), text))),
    info: optional(Info),
    phone: optional(text),
    email: optional(text),
    service_id: optional(text),
    hashlib: optional(text),
    timeStep: optional(text),
    pin_set: optional(z.boolean()),
    pin: optional(text),
    otpkey: optional(z.pipe(text, z.string().check(z.regex(/^([0-9a-fA-F]{2})*$/, 'must be hexadecimal')))),
    /** The password itself of the types that have one. */
    secret: optional(text),
    /** mOTP: what its owner types into the app. */
    motppin: optional(text),
    /** The list of a TAN token, separated by spaces. */
    tans: optional(text),
  })
  .check(({ value, issues }) => {
    for (const error of faultsOf(value)) {
      issues.push({ code: 'custom', message: error.message, params: { error }, input: undefined, path: [] });
    }
  });
export type ImportedToken = z.output<typeof ImportedToken>;

/** Types whose secret is a typed password. */
export const TYPED_SECRETS: readonly string[] = ['pw', 'registration', 'applspec', 'indexedsecret'];

/** Makes the record of an imported token. Its PIN is hashed, its secret sealed. */
export async function importToken(input: ImportedToken, box: SecretBox): Promise<TokenRecord> {
  const { pin, pin_set, locked, otpkey, secret, motppin, tans, serial, tokentype, ...rest } = input;
  const { phone, email, service_id, hashlib, timeStep, ...attributes } = rest;
  const sealed = secretOf(input);
  return newRecord({
    serial,
    tokentype,
    ...present(attributes),
    otplen: input.otplen ?? otplenOf(input),
    info: { ...input.info, ...present({ phone, email, service_id, hashlib, timeStep }) },
    pinHash: pin ? await hashPin(pin) : null,
    otpkey: sealed.length > 0 ? await box.seal(sealed, { purpose: 'otpkey', serial }) : null,
  });
}

/** Returns the errors for which verification would never accept a password of the imported token. */
export function storedFaults(token: ImportedToken): TokenwrightError[] {
  const type = findTokenType(token.tokentype);
  const info: Readonly<Record<string, string>> = { ...token.info, ...besideInfo(token) };
  const kinds = { ...storedByAll('UTC'), ...type?.stored };
  const unreadable = Object.entries(kinds).flatMap(([key, kind]) => errorsOf(() => readStored(info, key, kind)));
  const secret = secretOf(token);
  if (!type?.refuseSecret || secret.length === 0 || unreadable.length > 0) return unreadable;
  const state = { count: 0, count_window: 0, otplen: token.otplen ?? otplenOf(token), info };
  const why = type.refuseSecret(secret, state);
  return why === null ? [] : [badToken('otpkey', `no password could ever match: ${why}`)];
}

/** Returns the errors of a token beside its shape. */
function faultsOf(token: ImportedToken): TokenwrightError[] {
  const { info = {} } = token;
  const shown = Object.keys(info ?? {}).filter(isSecretInfo);
  const differing = Object.entries(besideInfo(token)).filter(
    ([key, value]) => info && Object.hasOwn(info, key) && info[key] !== value,
  );
  return [
    ...shown.map((key) => badToken(`info.${key}`, 'is a secret, and tokeninfo is shown: it cannot be imported')),
    ...differing.map(([key]) => badToken(key, `differs from the ${key} in info`)),
    ...errorsOf(() => secretOf(token)),
  ];
}

const besideInfo = (token: ImportedToken): Record<string, string> =>
  present(Object.fromEntries(BESIDE_INFO.map((key) => [key, token[key]])));

/** The secret as it is sealed; empty: none is given. @throws TokenwrightError `bad_token` where parts do not fit */
function secretOf({ tokentype, otpkey, secret, motppin, tans }: ImportedToken): Uint8Array {
  const type = tokentype.toLowerCase();
  const key = Buffer.from(otpkey ?? '', 'hex');
  if (secret && !TYPED_SECRETS.includes(type))
    throw badToken('secret', `a token of type ${type} has none`, TYPED_SECRETS);
  if (motppin && type !== 'motp') throw badToken('motppin', `a token of type ${type} has none`, ['motp']);
  if (tans && type !== 'tan') throw badToken('tans', `a token of type ${type} has none`, ['tan']);
  if (key.length > 0 && (secret || tans)) throw badToken('otpkey', 'is given beside another secret: which is meant?');
  if (motppin && key.length === 0) throw badToken('otpkey', 'is required with a motppin');
  if (motppin) return motpSecret(key, motppin);
  return tans || secret ? Buffer.from(tans ? tans.split(/\s+/).filter(Boolean).join(' ') : (secret ?? '')) : key;
}

/** Computes the default `otplen`: the length of the first password of a list, or of a typed secret. */
function otplenOf({ tokentype, secret, tans }: ImportedToken): number {
  const password = tans?.trim().split(/\s+/)[0] || (tokentype.toLowerCase() === 'indexedsecret' ? '' : secret);
  return password ? [...password].length : 6;
}

function present<T>(values: Readonly<Record<string, T | null | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, T] => entry[1] != null));
}

function badToken(path: string, message: string, allowed?: readonly string[]): TokenwrightError {
  return new TokenwrightError('bad_token', message, allowed ? { path, allowed } : { path });
}

function errorsOf(read: () => unknown): TokenwrightError[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof TokenwrightError) return [error];
    throw error;
  }
}

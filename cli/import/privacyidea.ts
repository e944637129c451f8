/**
 * Reads privacyIDEA's token export: a list of dictionaries, as JSON inside Fernet (`pi-tokenjanitor find export`) or as YAML
 * (`--format yaml`). Hashed PINs cannot be verified here and are not imported. Owners are looked up in the directory.
 * Unknown keys, and tokens that could never accept a password, are refused.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isObject } from '../../lib/base/object.ts';
import { readFlag, textOrNumber } from '../../lib/schema/scalar.ts';
import { check } from '../../lib/schema/validate.ts';
import { findTokenType } from '../../lib/tokentype/catalogue.ts';
import { TYPED_SECRETS } from '../../lib/tokentype/imported-token.ts';
import { badRow, type NamedOwner, type Row, type Rows, toRow } from './row.ts';

const text = z.optional(z.nullable(textOrNumber('bad_token')));
const word = z.optional(z.nullable(z.union([z.string(), z.number(), z.boolean()])));
const dictionary = z.optional(z.nullable(z.record(z.string(), z.unknown())));

/** A token of the export. Where a field has two names, older exports use the second. */
const PrivacyideaExport = z.strictObject({
  serial: textOrNumber('bad_token'),
  type: z.string(),
  otpkey: text,
  description: text,
  otplen: word,
  count: word,
  counter: word,
  failcount: word,
  maxfail: word,
  max_failcount: word,
  window: word,
  count_window: word,
  sync_window: word,
  active: word,
  revoked: word,
  locked: word,
  rollout_state: text,
  realms: z.optional(z.nullable(z.array(z.string()))),
  tokenrealms: z.optional(z.nullable(z.array(z.string()))),
  info_list: dictionary,
  info: dictionary,
  tokeninfo: dictionary,
  hashlib: word,
  timeStep: word,
  user: dictionary,
  owner: text,
  username: text,
  realm: text,
  /** The software that wrote the export. */
  issuer: text,
  _hashed_pin: text,
});
type PrivacyideaExport = z.output<typeof PrivacyideaExport>;

/** Tells whether a document is such an export: its tokens have a `type`, ours have a `tokentype`. */
export function isPrivacyideaExport(document: unknown): document is readonly unknown[] {
  if (!Array.isArray(document) || document.length === 0) return false;
  const [first]: unknown[] = document;
  return isObject(first) && 'type' in first && !('tokentype' in first);
}

/** Reads the rows of an export. */
export function privacyidea(document: readonly unknown[]): Rows {
  return async function* rows() {
    for (const [i, given] of document.entries()) yield rowOf(`tokens[${i}]`, given);
  };
}

function rowOf(at: string, given: unknown): Row {
  const parsed = check(PrivacyideaExport, given, 'bad_token');
  if (!parsed.ok) return { ok: false, errors: parsed.errors.map((error) => error.under(at)) };
  try {
    requireUsable(parsed.value);
    return toRow(at, tokenOf(parsed.value), ownerOf(parsed.value));
  } catch (error) {
    return badRow(at, error);
  }
}

/** @throws TokenwrightError `bad_token` for a token that could never accept a password here, or would accept any */
function requireUsable({ type, _hashed_pin }: PrivacyideaExport): void {
  const tokentype = type.toLowerCase();
  if (!findTokenType(tokentype)) throw badToken('type', `passwords of type "${type}" cannot be checked here`);
  if (tokentype === 'tan')
    throw badToken('type', 'the export has only hashes of the TANs, which cannot be checked here');
  if (tokentype === 'motp') throw badToken('type', 'the PIN of the app is not in the export');
  if (tokentype === 'spass' && _hashed_pin) {
    throw badToken(
      '_hashed_pin',
      'a hashed PIN cannot be imported, and without a PIN the token would accept the empty password',
    );
  }
}

function tokenOf(one: PrivacyideaExport) {
  const tokentype = one.type.toLowerCase();
  return {
    serial: one.serial,
    tokentype,
    otpkey: one.otpkey ? keyOf(tokentype, one.otpkey) : undefined,
    description: one.description,
    otplen: whole(one.otplen),
    count: whole(oneOf(one, 'count', 'counter')),
    failcount: whole(one.failcount),
    maxfail: whole(oneOf(one, 'maxfail', 'max_failcount')),
    count_window: whole(oneOf(one, 'window', 'count_window')),
    sync_window: whole(one.sync_window),
    active: flag(one.active),
    // In privacyIDEA a token is locked only by revoking it.
    revoked: flag(one.revoked) === true || one.locked == null ? flag(one.revoked) : flag(one.locked),
    rollout_state: one.rollout_state || undefined,
    realms: one.realms ?? one.tokenrealms,
    info: infoOf(one),
  };
}

/** Reads a value under one of two names. @throws TokenwrightError `bad_token` if both are given and differ */
function oneOf(one: PrivacyideaExport, name: keyof PrivacyideaExport, other: keyof PrivacyideaExport): unknown {
  const [first, second] = [one[name], one[other]];
  if (first != null && second != null && String(first) !== String(second)) {
    throw badToken(name, `differs from ${other}`);
  }
  return first ?? second;
}

/**
 * Reads tokeninfo, which is not secret here.
 *
 * @throws TokenwrightError `bad_token` for an entry that the export marks as secret
 */
function infoOf({ hashlib, timeStep, tokeninfo, info, info_list }: PrivacyideaExport): Record<string, unknown> {
  const all = { hashlib, timeStep, ...(tokeninfo ?? info ?? info_list ?? {}) };
  const entries = Object.entries(all).filter(([, value]) => value != null);
  const secret = entries.find(([key]) => all[`${key}.type` as keyof typeof all] === 'password');
  if (secret) throw badToken(`info.${secret[0]}`, 'is a secret, and cannot be imported as tokeninfo, which is not');
  return Object.fromEntries(entries);
}

/** Returns a key in hexadecimal: the export has passwords that people type as plain text. */
function keyOf(tokentype: string, otpkey: string): string {
  return TYPED_SECRETS.includes(tokentype) ? Buffer.from(otpkey).toString('hex') : otpkey;
}

/**
 * Reads a boolean as privacyIDEA writes it. Other values are returned unchanged, and refused by the check of the token.
 */
function flag(value: unknown): unknown {
  return value == null ? undefined : (readFlag(value) ?? value);
}

/** Reads a number, also from text. Other values are returned unchanged, and refused by the check of the token. */
function whole(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : (value ?? undefined);
}

const User = z.looseObject({ login: text, username: text, realm: text });

/** Reads the owner. @throws TokenwrightError `bad_token` if it is malformed */
function ownerOf({ user, owner, username, realm }: PrivacyideaExport): NamedOwner | undefined {
  if (user && Object.keys(user).length > 0) {
    const named = check(User, user, 'bad_token');
    const login = named.ok ? (named.value.login ?? named.value.username) : undefined;
    if (named.ok && login && named.value.realm) return { login, realm: named.value.realm };
    throw badToken('user', 'has no readable login and realm');
  }
  if (username || realm) {
    if (username && realm) return { login: username, realm };
    throw badToken(username ? 'realm' : 'username', 'is required with the other one');
  }
  if (!owner || owner === 'n/a') return undefined;
  const at = owner.lastIndexOf('@');
  if (at > 0 && at < owner.length - 1) return { login: owner.slice(0, at), realm: owner.slice(at + 1) };
  throw badToken('owner', 'is not login@realm');
}

function badToken(path: string, message: string): TokenwrightError {
  return new TokenwrightError('bad_token', message, { path });
}

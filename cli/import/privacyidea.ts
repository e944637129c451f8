/**
 * privacyIDEA's token export: a list of dictionaries, as JSON inside Fernet (`pi-tokenjanitor find export`) or as YAML
 * (`--format yaml`). Its hashed PINs cannot be verified here and stay behind; an owner is looked up in the directory.
 */
import * as z from 'zod/mini';
import { readFlag } from '../../lib/schema/flag.ts';
import { check } from '../../lib/schema/validate.ts';
import { type Owner, type Row, type Rows, toRow } from './row.ts';

const text = z.optional(z.nullable(z.string()));
const word = z.optional(z.nullable(z.union([z.string(), z.number(), z.boolean()])));
const dictionary = z.optional(z.nullable(z.record(z.string(), z.unknown())));

const Exported = z.looseObject({
  serial: z.string(),
  type: z.string(),
  otpkey: text,
  description: text,
  otplen: word,
  count: word,
  counter: word,
  failcount: word,
  maxfail: word,
  max_failcount: word,
  count_window: word,
  sync_window: word,
  active: word,
  revoked: word,
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
});
type Exported = z.output<typeof Exported>;

/** Whether a document is such an export: its tokens have a `type`, and ours a `tokentype`. */
export function isPrivacyideaExport(document: unknown): document is readonly unknown[] {
  if (!Array.isArray(document) || document.length === 0) return false;
  const [first]: unknown[] = document;
  return first !== null && typeof first === 'object' && 'type' in first && !('tokentype' in first);
}

export function privacyidea(document: readonly unknown[]): Rows {
  return async function* rows() {
    for (const [i, given] of document.entries()) yield rowOf(`tokens[${i}]`, given);
  };
}

function rowOf(at: string, given: unknown): Row {
  const parsed = check(Exported, given, 'bad_token');
  if (!parsed.ok) return { ok: false, errors: parsed.errors.map((error) => error.under(at)) };
  return toRow(at, tokenOf(parsed.value), ownerOf(parsed.value));
}

function tokenOf(one: Exported) {
  const tokentype = one.type.toLowerCase();
  const { hashlib, timeStep } = one;
  const info = Object.fromEntries(
    Object.entries({ hashlib, timeStep, ...(one.tokeninfo ?? one.info ?? one.info_list ?? {}) })
      .filter(([, value]) => value != null && typeof value !== 'object')
      .map(([key, value]) => [key, String(value)]),
  );
  return {
    serial: one.serial,
    tokentype,
    otpkey: one.otpkey ? keyOf(tokentype, one.otpkey) : undefined,
    description: one.description,
    otplen: whole(one.otplen),
    count: whole(one.count ?? one.counter),
    failcount: whole(one.failcount),
    maxfail: whole(one.maxfail ?? one.max_failcount),
    count_window: whole(one.count_window),
    sync_window: whole(one.sync_window),
    active: one.active == null ? undefined : (readFlag(one.active) ?? one.active),
    revoked: one.revoked == null ? undefined : (readFlag(one.revoked) ?? one.revoked),
    rollout_state: one.rollout_state || undefined,
    realms: one.realms ?? one.tokenrealms,
    info,
  };
}

/** Keys are hexadecimal; what somebody types as a password is stored as it is typed. */
const TYPED: readonly string[] = ['pw', 'registration', 'applspec', 'indexedsecret'];

function keyOf(tokentype: string, otpkey: string): string {
  return TYPED.includes(tokentype) ? Buffer.from(otpkey).toString('hex') : otpkey;
}

/** A number, also as text; anything else stays for the check of the token to refuse. */
function whole(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : (value ?? undefined);
}

const User = z.looseObject({ login: text, username: text, realm: text });

function ownerOf({ user, owner, username, realm }: Exported): Owner | undefined {
  const named = check(User, user ?? {}, 'bad_token');
  const login = (named.ok ? (named.value.login ?? named.value.username) : undefined) ?? username ?? undefined;
  const of = (named.ok ? named.value.realm : undefined) ?? realm ?? undefined;
  if (login && of) return { login, realm: of };
  const at = owner?.lastIndexOf('@') ?? -1;
  return owner && at > 0 ? { login: owner.slice(0, at), realm: owner.slice(at + 1) } : undefined;
}

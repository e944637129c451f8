/**
 * Tokens as people write them down: what `tokens import` and scenario files
 * take. Only serial and tokentype are required.
 */

import * as z from 'zod/mini';
import { isRecord } from '../base/object.ts';
import { UserIdentity } from '../directory/user.ts';
import type { SecretBox } from '../secret/box.ts';
import { hashPin } from '../secret/pin.ts';
import { readInfo, storedInfo } from './info-name.ts';
import { newRecord, type TokenRecord } from './record.ts';

const optional = <S extends z.ZodMiniType>(schema: S) => z.optional(z.nullable(schema));
const text = z.string();
const integer = z.int();
const count = integer.check(z.gte(0));

/** zod, too, would lose the key `__proto__`. */
const Info = z.pipe(
  z.pipe(
    z.transform((info: unknown) => (isRecord(info) ? storedInfo(info) : info)),
    z.record(text.check(z.minLength(1)), z.pipe(z.union([text, z.number(), z.boolean()]), z.transform(String))),
  ),
  z.transform(readInfo<string>),
);

export const ImportedToken = z.strictObject({
  serial: text.check(z.minLength(1), z.maxLength(256), z.regex(/^[^,\s]+$/, 'must hold no spaces and no commas')),
  tokentype: text.check(z.minLength(1)),
  active: optional(z.boolean()),
  revoked: optional(z.boolean()),
  /** Derived from failcount and maxfail; taken, and not kept. */
  locked: optional(z.boolean()),
  description: optional(text),
  realms: optional(z.array(text)),
  user: optional(UserIdentity),
  failcount: optional(integer),
  maxfail: optional(integer),
  count: optional(count),
  count_window: optional(integer),
  sync_window: optional(integer),
  otplen: optional(count),
  rollout_state: optional(text),
  tokengroups: optional(z.array(text)),
  applications: optional(z.array(z.record(text, text))),
  info: optional(Info),
  pin_set: optional(z.boolean()),
  pin: optional(text),
  otpkey: optional(text.check(z.regex(/^([0-9a-fA-F]{2})*$/, 'must be hexadecimal'))),
});
export type ImportedToken = z.output<typeof ImportedToken>;

/** The record of an imported token; its PIN only as a salted hash, its OTP key sealed. */
export async function importToken(given: ImportedToken, box: SecretBox): Promise<TokenRecord> {
  const { pin, pin_set: _pinSet, locked: _locked, otpkey, serial, tokentype, ...rest } = given;
  const present = Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null));
  return newRecord({
    serial,
    tokentype,
    ...present,
    pinHash: pin ? await hashPin(pin) : null,
    otpkey: otpkey ? await box.seal(Buffer.from(otpkey, 'hex'), { purpose: 'otpkey', serial }) : null,
  });
}

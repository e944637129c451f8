/**
 * Finds the serial for a token that a step creates. The serial is derived from the step's id, and the new token's
 * ledger holds the step; so a redelivery finds the token that it has created. A serial that another token has is passed
 * over, and the next one derived.
 */
import { createHash } from 'node:crypto';
import type { AnyCreatingAction } from '../action/action.ts';
import { TokenwrightError } from '../base/error.ts';
import { derivationId } from '../event/step-id.ts';
import { hasStep } from '../token/ledger.ts';
import type { TokenRecord } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';
import type { StepOptions } from './step-options.ts';

/** What the serial of a step's token depends on. */
export interface SerialSource {
  /** The step's id, and when its event occurred, in milliseconds since 1970. */
  readonly subject: { readonly id: string; readonly event: { readonly time: number } };
  /** The slip is of a release without event keys: serials are derived from the step's id alone. */
  readonly isFormer?: boolean;
  /** `null`: the step's options cannot be read, so it creates no token. */
  readonly naming: ReturnType<AnyCreatingAction['naming']> | null;
}

/** Collects what the serial of a step's token depends on. */
export function serialSource(
  { subject, isFormer = false }: Omit<SerialSource, 'naming'>,
  action: Pick<AnyCreatingAction, 'naming'>,
  options: StepOptions,
): SerialSource {
  return { subject, isFormer, naming: options.ok ? action.naming(options.value) : null };
}

export interface NewSerial {
  readonly serial: string;
  /** The token that an earlier delivery of this step has created there. */
  readonly created?: TokenRecord;
}

type Tokens = Pick<TokenStore, 'read'>;

const MAX_ATTEMPTS = 12;

/**
 * How long a sender may repeat an event. Without `occurred_at` the repetition has another time, which may be in the next
 * week, and serials are derived from the week (`derivationId`).
 */
const REPEATED_WITHIN_MS = 86_400_000;

/**
 * Finds where the token is, or where it may be created.
 *
 * @throws TokenwrightError `token_exists` if the action names the one serial, and another token has it; `too_old`
 *   where the ledger at the serial no longer reaches back to the event
 */
export async function findSerial({ subject, isFormer, naming }: SerialSource, tokens: Tokens): Promise<NewSerial> {
  const {
    id,
    event: { time },
  } = subject;
  if (naming === null) return { serial: '' };
  if ('serial' in naming) {
    const found = await lookUp(naming.serial, id, time, tokens);
    if (found) return found;
    const message = `there is a token ${naming.serial} already, or one was deleted later than this event`;
    throw new TokenwrightError('token_exists', message, { given: naming.serial });
  }
  if (isFormer) return deriveSerial(naming.prefix, id, id, time, tokens);
  const [present, before] = [derivationId(id, time), derivationId(id, time - REPEATED_WITHIN_MS)];
  if (before !== present) {
    const earlier = await deriveSerial(naming.prefix, before, id, time, tokens);
    if (earlier.created) return earlier;
  }
  return deriveSerial(naming.prefix, present, id, time, tokens);
}

/**
 * Derives serials until one is free or holds the step's token.
 *
 * @param derivation the result of `derivationId`
 * @param id the step's
 * @param time when its event occurred, in milliseconds since 1970
 */
async function deriveSerial(
  prefix: string,
  derivation: string,
  id: string,
  time: number,
  tokens: Tokens,
): Promise<NewSerial> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const found = await lookUp(serialOf(prefix, derivation, attempt), id, time, tokens);
    if (found) return found;
  }
  throw new Error(`the first ${MAX_ATTEMPTS} serials are taken`);
}

/** Crockford's Base32 (https://www.crockford.com/base32.html), without I, L, O and U: people read serials out. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;

function serialOf(prefix: string, derivation: string, attempt: number): string {
  const bytes = createHash('sha256').update(`serial\0${derivation}\0${attempt}`).digest();
  return prefix + Array.from(bytes.subarray(0, LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** Reads the token with a serial. @returns `null`: another token has it @throws TokenwrightError `too_old` */
async function lookUp(serial: string, id: string, time: number, tokens: Tokens): Promise<NewSerial | null> {
  const record = await tokens.read(serial);
  if (record && hasStep(record.ledger, id)) return { serial, created: record };
  if (record && record.lowWatermark !== null && time <= record.lowWatermark) {
    throw new TokenwrightError('too_old', 'the event is older than the ledger at its serial reaches');
  }
  // A younger event may create a token over a tombstone.
  const isFree = record === undefined || (record.deletedAt !== null && time > record.deletedAt);
  return isFree ? { serial } : null;
}

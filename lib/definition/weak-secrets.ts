/** Warns of secrets that can be guessed: given ones, and generated ones that are too short. Never quotes them. */

import { findAction } from '../action/catalogue.ts';
import { type EnrolOptions, readEnrolment } from '../action/enrolment.ts';
import { parseOptions } from '../action/options.ts';
import { isRecord } from '../base/object.ts';
import type { Definition } from './definition.ts';
import { holdsSealed } from './sealed-options.ts';
import type { DefinitionWarning } from './warnings.ts';

/** RFC 4226, requirement R6: a shared secret of at least 128 bits. */
const SHORTEST_KEY = 16;
/** Shorter PINs can be guessed within the failcounter of a few tokens. */
const SHORTEST_PIN = 4;
const SHORTEST_PASSWORD = 8;
const CHECKSUM_BYTES = 4;

/** Returns the warnings about a definition's secrets. Sealed ones cannot be checked. */
export function weakSecrets({ action, options: written }: Definition): DefinitionWarning[] {
  if (holdsSealed(written)) return [];
  const found = findAction(action);
  const options = found && parseOptions(found, written);
  if (!options?.ok || !isRecord(options.value)) return [];
  if (action === 'set random pin') return short('length', options.value.length, SHORTEST_PIN, 'a PIN of');
  return action === 'enroll' ? ofEnrolment(options.value as unknown as EnrolOptions) : [];
}

function ofEnrolment(options: EnrolOptions): DefinitionWarning[] {
  const enrolment = readEnrolment(options);
  if (!enrolment.ok) return [];
  const { type, common, own } = enrolment.value;
  const at = (name: string) => (name in (options.additional_params ?? {}) ? `additional_params.${name}` : name);
  if (type.pinOnly && common.pin === undefined) {
    const message = `a token of type ${type.name} without a PIN accepts the empty password; "set random pin" gives it one`;
    return [{ code: 'weak_secret', path: 'options.additional_params', message }];
  }
  const { otpkey, motppin } = own;
  return [
    ...short(at('pin'), lengthOf(common.pin), SHORTEST_PIN, 'a PIN of'),
    ...short(at('motppin'), lengthOf(motppin), SHORTEST_PIN, 'a PIN of'),
    ...('otpkeyformat' in type.parameters
      ? short(at('otpkey'), keyBytes(otpkey, own.otpkeyformat), SHORTEST_KEY, 'a key of', 'bytes')
      : short(at('otpkey'), lengthOf(otpkey), SHORTEST_PASSWORD, 'a password of')),
    ...short(at('keysize'), own.keysize, SHORTEST_KEY, 'a key of', 'bytes'),
  ];
}

const lengthOf = (text: unknown): number | undefined => (typeof text === 'string' ? [...text].length : undefined);

function keyBytes(otpkey: unknown, format: unknown): number | undefined {
  if (typeof otpkey !== 'string') return undefined;
  if (format !== 'base32check') return otpkey.length / 2;
  return Math.floor((otpkey.replaceAll(/[\s=]/g, '').length * 5) / 8) - CHECKSUM_BYTES;
}

function short(path: string, length: unknown, least: number, what: string, unit = 'characters'): DefinitionWarning[] {
  if (typeof length !== 'number' || length >= least) return [];
  const message = `${what} ${length} ${length === 1 ? unit.slice(0, -1) : unit} can be guessed; ${least} at least would be better`;
  return [{ code: 'weak_secret', path: `options.${path}`, message }];
}

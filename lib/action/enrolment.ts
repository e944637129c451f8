/**
 * Reads the options of "enroll" as the parameters of a `/token/init` request, and checks them against the token type, so
 * that a definition that can never enrol a token is refused when it is saved.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { didYouMean } from '../schema/closest.ts';
import { check, type Parsed } from '../schema/validate.ts';
import { findTokenType, tokenTypes } from '../tokentype/catalogue.ts';
import { commonParameters, parameterNames } from '../tokentype/parameters.ts';
import type { AnyTokenType } from '../tokentype/token-type.ts';

type Given = Readonly<Record<string, unknown>>;

/** The options of "enroll" that become parameters. */
export interface EnrolOptions {
  readonly tokentype: string;
  readonly dynamic_phone?: boolean | undefined;
  readonly dynamic_email?: boolean | undefined;
  readonly sms_identifier?: string | undefined;
  readonly smtp_identifier?: string | undefined;
  readonly motppin?: string | undefined;
  readonly additional_params?: Given | undefined;
}

const Common = z.object(commonParameters);

export interface Enrolment {
  readonly type: AnyTokenType;
  readonly common: z.output<typeof Common>;
  /** The type's own parameters. */
  readonly own: Given;
}

/** Reads the parameters. `additional_params` overrides the other options. @returns all faults at once */
export function readEnrolment(options: EnrolOptions): Parsed<Enrolment> {
  const additional = options.additional_params ?? {};
  const unknown = unknownNames(additional);
  const name = String(additional.type ?? options.tokentype);
  const type = findTokenType(name);
  if (!type) return { ok: false, errors: [...unknown, unknownType(name, 'type' in additional)] };
  const given = present({ ...fromOptions(options, type), ...additional });
  const common = check(Common, given, 'bad_option');
  const own = check(z.object(type.parameters), given, 'bad_option');
  const errors = [
    ...unknown,
    ...(common.ok ? [] : common.errors),
    ...(own.ok ? misfits(type, own.value) : own.errors),
  ].map((error) => placed(error, options));
  if (errors.length > 0 || !common.ok || !own.ok) return { ok: false, errors: distinct(errors) };
  return { ok: true, value: { type, common: common.value, own: own.value } };
}

function fromOptions(options: EnrolOptions, type: AnyTokenType): Given {
  const { dynamic_phone, dynamic_email, sms_identifier, smtp_identifier, motppin } = options;
  return {
    dynamic_phone,
    dynamic_email,
    motppin,
    ...(type.name === 'sms' ? { 'sms.identifier': sms_identifier } : {}),
    ...(type.name === 'email' ? { 'email.identifier': smtp_identifier } : {}),
  };
}

/** Drops empty parameters: they count as absent. */
function present(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '' && value != null));
}

function unknownNames(additional: Given): TokenwrightError[] {
  const names = parameterNames();
  return Object.keys(additional)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const path = `additional_params.${name}`;
      const message = `no token type has a parameter "${name}"${didYouMean(name, names)}`;
      return new TokenwrightError('bad_option', message, { path, allowed: names });
    });
}

function unknownType(given: string, isAdditional: boolean): TokenwrightError {
  const allowed = tokenTypes.map(({ name }) => name);
  const path = isAdditional ? 'additional_params.type' : 'tokentype';
  const message = `there is no token type "${given}"${didYouMean(given, allowed)}`;
  return new TokenwrightError('bad_option', message, { path, given, allowed });
}

function misfits(type: AnyTokenType, own: Given): TokenwrightError[] {
  try {
    type.check?.(own);
    return [];
  } catch (error) {
    if (error instanceof TokenwrightError) return [error];
    throw error;
  }
}

/** The error with the path of the option that the parameter came from. */
function placed(error: TokenwrightError, options: EnrolOptions): TokenwrightError {
  const { path } = error.details;
  if (path === undefined || path.startsWith('additional_params')) return error;
  const isOption = path in options || path === 'motppin';
  return isOption && !(path in (options.additional_params ?? {})) ? error : error.under('additional_params');
}

/** Drops errors that are reported twice: `genkey` is a common parameter and one of some types. */
function distinct(errors: readonly TokenwrightError[]): TokenwrightError[] {
  const seen = new Set<string>();
  return errors.filter(({ message, details }) => {
    const key = `${details.path} ${message}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

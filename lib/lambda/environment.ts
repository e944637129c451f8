/** A function's environment, checked once: a missing variable is named, not discovered in the middle. */
import * as z from 'zod/mini';
import { parse, transformWith } from '../schema/validate.ts';
import { Timezone } from '../text/zone.ts';

const name = z.string().check(z.minLength(1));

/** A number of days; beyond 14, a tombstone might be gone before its ledger's age is over. */
const days = z.pipe(
  z._default(z.string().check(z.regex(/^([1-9]|1[0-4])$/, 'must be a whole number of days from 1 to 14')), '4'),
  transformWith(Number),
);

/** In milliseconds: well below a function's timeout, so that a call that hangs is tried again and not cut off. */
const requestTimeout = z.pipe(
  z._default(z.string().check(z.regex(/^[1-9]\d{0,4}$/, 'must be a number of milliseconds from 1 to 99999')), '3000'),
  transformWith((value: string) => Number(value)),
);

const wholeNumber = (pattern: RegExp, allowed: string, absent: string) =>
  z.pipe(z._default(z.string().check(z.regex(pattern, `must be ${allowed}`)), absent), transformWith(Number));

/** What every function needs. */
const Shared = {
  TOKENS_TABLE: name,
  DEFINITIONS_TABLE: name,
  DIRECTORY_TABLE: name,
  BUS_NAME: name,
  RESULTS_BUS_NAME: name,
  TIMEZONE: z._default(Timezone, 'UTC'),
  /** Whose token it is, as authenticator apps show it. */
  ISSUER: z._default(name, 'Tokenwright'),
  LEDGER_DAYS: days,
  REQUEST_TIMEOUT_MS: requestTimeout,
};

/** The HTTP API's functions know their tables and nothing of buses and keys. */
const { TOKENS_TABLE, DEFINITIONS_TABLE, DIRECTORY_TABLE, TIMEZONE, LEDGER_DAYS, REQUEST_TIMEOUT_MS } = Shared;
const outcomes = { OUTCOMES_TABLE: name, REQUEST_TIMEOUT_MS };
export const DefinitionsEnvironment = z.object({
  DEFINITIONS_TABLE,
  SECRETS_KEY_ID: name,
  SECRET_KEYS_TABLE: name,
  REQUEST_TIMEOUT_MS,
});
export const ExplainEnvironment = z.object({
  TOKENS_TABLE,
  DEFINITIONS_TABLE,
  DIRECTORY_TABLE,
  TIMEZONE,
  LEDGER_DAYS,
  REQUEST_TIMEOUT_MS,
});
export const TokensEnvironment = z.object({ TOKENS_TABLE, DIRECTORY_TABLE, ...outcomes });
export const RecordingEnvironment = z.object(outcomes);

export const ActionEnvironment = z.object(Shared);
export const GeneratingEnvironment = z.object({ ...Shared, DERIVATION_KEY_ID: name });
export const SealingEnvironment = z.object({
  ...Shared,
  DERIVATION_KEY_ID: name,
  SECRETS_KEY_ID: name,
  SECRET_KEYS_TABLE: name,
});
export const PreEnvironment = z.lazy(() =>
  z.object({
    ...SealingEnvironment.shape,
    /** How long a response is told again to the caller who asked for it first. */
    PRE_REPEAT_MINUTES: wholeNumber(/^\d{1,4}$/, 'minutes, 0 to 9999', '15'),
  }),
);
export const FrontDoorEnvironment = z.lazy(() =>
  z.object({
    ...SealingEnvironment.shape,
    /** Takes the events that the bus did not. */
    DEAD_LETTER_QUEUE_URL: name,
    /** Whether `/validate/*` wants an API key. */
    VALIDATE_ACCESS: z.enum(['key', 'open']),
    /** Whether failed attempts are limited where the settings do not say it. */
    ATTEMPT_LIMITS: z._default(z.enum(['on', 'off']), 'on'),
    MAIL_FROM: z._default(z.string(), ''),
    SMS_ORIGINATION: z._default(z.string(), ''),
  }),
);
export const BulkEnvironment = z.lazy(() =>
  z.object({
    ...Shared,
    BULK_RUNS_TABLE: name,
    BULK_LANES: wholeNumber(/^([1-9]|1[0-6])$/, 'a whole number from 1 to 16', '8'),
    BULK_PAGE_SIZE: wholeNumber(/^([1-9]\d?|[1-4]\d\d|500)$/, 'a whole number from 1 to 500', '200'),
  }),
);
export const DispatchEnvironment = z.object({ ...Shared, DEAD_LETTER_QUEUE_URL: name });

/** @throws Refusal `bad_environment`, naming each variable that is missing */
export function readEnvironment<S extends z.ZodMiniType>(schema: S, environment: NodeJS.ProcessEnv): z.output<S> {
  return parse(schema, environment, 'bad_environment');
}

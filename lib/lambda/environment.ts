/** Reads and checks a function's environment variables at once, so that a missing one is named before any work. */
import * as z from 'zod/mini';
import { parse, transformWith } from '../schema/validate.ts';
import { Timezone } from '../text/zone.ts';

const name = z.string().check(z.minLength(1));

/** Reads a number of days, at most 14, since a tombstone has to outlive the ledger. */
const days = z.pipe(
  z._default(z.string().check(z.regex(/^([1-9]|1[0-4])$/, 'must be a whole number of days from 1 to 14')), '4'),
  transformWith(Number),
);

/** Reads milliseconds; the default is well below a function's timeout, so that a call that hangs is retried in time. */
const requestTimeout = z.pipe(
  z._default(z.string().check(z.regex(/^[1-9]\d{0,4}$/, 'must be a number of milliseconds from 1 to 99999')), '3000'),
  transformWith((value: string) => Number(value)),
);

const wholeNumber = (pattern: RegExp, allowed: string, absent: string) =>
  z.pipe(z._default(z.string().check(z.regex(pattern, `must be ${allowed}`)), absent), transformWith(Number));

/** The variables of the functions that plan or do steps. */
const Shared = {
  TOKENS_TABLE: name,
  DEFINITIONS_TABLE: name,
  DIRECTORY_TABLE: name,
  BUS_NAME: name,
  RESULTS_BUS_NAME: name,
  TIMEZONE: z._default(Timezone, 'UTC'),
  /** The issuer that authenticator apps show. */
  ISSUER: z._default(name, 'Tokenwright'),
  LEDGER_DAYS: days,
  REQUEST_TIMEOUT_MS: requestTimeout,
};

const { TOKENS_TABLE, DEFINITIONS_TABLE, DIRECTORY_TABLE, TIMEZONE, LEDGER_DAYS, REQUEST_TIMEOUT_MS } = Shared;
const outcomes = { OUTCOMES_TABLE: name, REQUEST_TIMEOUT_MS };

// The functions of the HTTP API have neither buses nor derivation key.
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
    /** How long a response is repeated to the same caller. */
    PRE_REPEAT_MINUTES: wholeNumber(/^\d{1,4}$/, 'minutes, 0 to 9999', '15'),
  }),
);
export const FrontDoorEnvironment = z.lazy(() =>
  z.object({
    ...SealingEnvironment.shape,
    /** For events that the bus did not take. */
    DEAD_LETTER_QUEUE_URL: name,
    /** Whether `/validate/*` requires an API key. */
    VALIDATE_ACCESS: z.enum(['key', 'open']),
    /** Whether failed attempts are limited where the settings have no limits. */
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

/** Reads the variables of a schema. @throws Refusal `bad_environment`, naming each variable that is missing or wrong */
export function readEnvironment<S extends z.ZodMiniType>(schema: S, environment: NodeJS.ProcessEnv): z.output<S> {
  return parse(schema, environment, 'bad_environment');
}

/**
 * Makes the tools of a function from its environment, once for each instance. Where many functions share one process,
 * as in the local stack, they are made again when the environment has changed.
 */
import type * as z from 'zod/mini';
import type { ActionTools } from '../action/action.ts';
import { documentClient, eventBridgeClient } from '../aws/clients.ts';
import { type Clock, DAY_MS, processClock } from '../base/clock.ts';
import { pauseWithJitter } from '../base/concurrency.ts';
import { definitionCache } from '../definition/definition-cache.ts';
import { definitionStore } from '../definition/store.ts';
import { containerWriter, dynamodbDirectory } from '../directory/dynamodb-directory.ts';
import { publisher } from '../event/publish.ts';
import { keepFirstDelivery } from '../plan/first-delivery.ts';
import type { PlanRuntime } from '../plan/targets.ts';
import type { SecretBox } from '../secret/box.ts';
import type { SecretDeriver } from '../secret/derive.ts';
import { hashPin } from '../secret/pin.ts';
import { reservations } from '../step/reservation-store.ts';
import { DEFAULT_LEDGER_LIMITS } from '../token/ledger.ts';
import { tokenStore } from '../token/store.ts';
import { type ActionEnvironment, readEnvironment } from './environment.ts';

type RuntimeEnvironment = z.output<typeof ActionEnvironment>;
type SecretTools = Partial<Pick<ActionTools, 'secrets' | 'box'>>;

/**
 * Makes the tools for steps, on the tables and buses of the environment. Without `secrets` or `box`, an action that
 * derives or seals a secret fails.
 */
export function createRuntime(
  environment: RuntimeEnvironment,
  { secrets = NO_SECRETS, box = NO_BOX }: SecretTools = {},
) {
  const documents = documentClient(environment.REQUEST_TIMEOUT_MS);
  const tokens = tokenStore(documents, environment.TOKENS_TABLE);
  const directory = dynamodbDirectory(documents, environment.DIRECTORY_TABLE);
  const clock: Clock = { now: () => processClock().now() };
  const step: PlanRuntime = {
    tokens,
    tools: {
      directory,
      secrets,
      box,
      hashPin,
      issuer: environment.ISSUER,
      putIntoContainer: containerWriter(documents, environment.DIRECTORY_TABLE),
    },
    definitions: definitionCache(definitionStore(documents, environment.DEFINITIONS_TABLE)),
    sources: {
      directory,
      tokens,
      firstDelivery: keepFirstDelivery(
        documents,
        environment.DIRECTORY_TABLE,
        clock.now,
        2 * environment.LEDGER_DAYS * DAY_MS,
      ),
    },
    timezone: environment.TIMEZONE,
    now: () => clock.now(),
    limits: { ...DEFAULT_LEDGER_LIMITS, maxAge: environment.LEDGER_DAYS * DAY_MS },
    pause: pauseWithJitter,
    reservations: reservations(documents, environment.DIRECTORY_TABLE, clock.now),
  };
  return { step, clock, publish: publisher(eventBridgeClient(environment.REQUEST_TIMEOUT_MS)), environment };
}
export type Runtime = ReturnType<typeof createRuntime>;

/** For functions without access to the derivation key. */
const NO_SECRETS: SecretDeriver = {
  text: () => Promise.reject(new Error('this function may not generate secrets')),
  bytes: () => Promise.reject(new Error('this function may not generate secrets')),
};

/** For functions without access to the data keys. */
const NO_BOX: SecretBox = {
  seal: () => Promise.reject(new Error('this function may not seal secrets')),
  open: () => Promise.reject(new Error('this function may not open secrets')),
};

/** Caches a value as long as `RUNTIME_VARIABLES` are the same. @param create called with the variables of the schema */
export function perEnvironment<S extends z.ZodMiniType, T>(
  schema: S,
  create: (environment: z.output<S>) => T,
): () => T {
  let made: { readonly key: string; readonly value: T } | undefined;
  return () => {
    const key = RUNTIME_VARIABLES.map((name) => process.env[name] ?? '').join('\n');
    if (made?.key !== key) made = { key, value: create(readEnvironment(schema, process.env)) };
    return made.value;
  };
}

/** Every variable that a schema of `environment.ts` or an SDK client reads. */
const RUNTIME_VARIABLES = [
  'TOKENS_TABLE',
  'DEFINITIONS_TABLE',
  'DIRECTORY_TABLE',
  'BUS_NAME',
  'RESULTS_BUS_NAME',
  'TIMEZONE',
  'ISSUER',
  'LEDGER_DAYS',
  'DERIVATION_KEY_ID',
  'SECRETS_KEY_ID',
  'SECRET_KEYS_TABLE',
  'DEAD_LETTER_QUEUE_URL',
  'VALIDATE_ACCESS',
  'ATTEMPT_LIMITS',
  'PRE_REPEAT_MINUTES',
  'MAIL_FROM',
  'SMS_ORIGINATION',
  'OUTCOMES_TABLE',
  'REQUEST_TIMEOUT_MS',
  'BULK_RUNS_TABLE',
  'BULK_LANES',
  'BULK_PAGE_SIZE',
  'AWS_ENDPOINT_URL_DYNAMODB',
  'AWS_ENDPOINT_URL_EVENTBRIDGE',
  'AWS_ENDPOINT_URL_KMS',
  'AWS_ENDPOINT_URL_SESV2',
  'AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2',
];

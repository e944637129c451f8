/** Reads the environment of a stack's functions: the names of its tables, buses, keys and queues, and its endpoints. */
import * as z from 'zod/mini';
import { parse } from '../../lib/schema/validate.ts';

const Names = z.looseObject({
  TOKENS_TABLE: z.string(),
  DEFINITIONS_TABLE: z.string(),
  DIRECTORY_TABLE: z.string(),
  OUTCOMES_TABLE: z.string(),
  BUS_NAME: z.string(),
  RESULTS_BUS_NAME: z.string(),
  SECRET_KEYS_TABLE: z.string(),
  SECRETS_KEY_ID: z.string(),
  DEAD_LETTER_QUEUE_URLS: z.string(),
});

export interface Tables {
  readonly tokens: string;
  readonly definitions: string;
  readonly directory: string;
  readonly outcomes: string;
  readonly bus: string;
  readonly results: string;
  /** The table of the data keys, and the KMS key that wraps them. */
  readonly secretKeys: string;
  readonly secretsKey: string;
  /** The URLs of the dead-letter queues. */
  readonly deadLetters: readonly string[];
}

/** Reads the names from an environment. @throws Refusal `bad_environment` if one is missing */
export function tablesOf(environment: Readonly<Record<string, string | undefined>>): Tables {
  const names = parse(Names, environment, 'bad_environment');
  return {
    tokens: names.TOKENS_TABLE,
    definitions: names.DEFINITIONS_TABLE,
    directory: names.DIRECTORY_TABLE,
    outcomes: names.OUTCOMES_TABLE,
    bus: names.BUS_NAME,
    results: names.RESULTS_BUS_NAME,
    secretKeys: names.SECRET_KEYS_TABLE,
    secretsKey: names.SECRETS_KEY_ID,
    deadLetters: names.DEAD_LETTER_QUEUE_URLS.split(' '),
  };
}

/** Variables that would take precedence over the stack's credentials and endpoints, and lead to AWS. */
const STRAY = ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'];

/**
 * Points the SDK clients of this process at a local stack.
 *
 * @param environment endpoints, region, credentials, names of tables and buses
 */
export function connectTo(environment: Readonly<Record<string, string>>): void {
  for (const name of STRAY) delete process.env[name];
  Object.assign(process.env, environment);
}

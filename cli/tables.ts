/** The names of a stack's tables and buses, from the environment that its functions have. */
import * as z from 'zod/mini';
import { parse } from '../lib/validate.ts';

const Names = z.looseObject({
  TOKENS_TABLE: z.string(),
  DEFINITIONS_TABLE: z.string(),
  DIRECTORY_TABLE: z.string(),
  BUS_NAME: z.string(),
  RESULTS_BUS_NAME: z.string(),
});

export interface Tables {
  readonly tokens: string;
  readonly definitions: string;
  readonly directory: string;
  readonly bus: string;
  readonly results: string;
}

/** @throws Refusal `bad_environment` where a name is missing */
export function tablesOf(environment: Readonly<Record<string, string | undefined>>): Tables {
  const names = parse(Names, environment, 'bad_environment');
  return {
    tokens: names.TOKENS_TABLE,
    definitions: names.DEFINITIONS_TABLE,
    directory: names.DIRECTORY_TABLE,
    bus: names.BUS_NAME,
    results: names.RESULTS_BUS_NAME,
  };
}

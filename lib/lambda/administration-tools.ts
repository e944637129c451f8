/** What the front door's administration works with, beside what every function of the front door does. */
import type { Parameters } from '../auth-api/parameters.ts';
import { readUser } from '../auth-api/user-parameter.ts';
import { challengeStore } from '../authenticate/challenge-store.ts';
import { scanTokens } from '../token/listing.ts';
import { tokenStore } from '../token/store.ts';
import { frontDoor } from './front-door.ts';

/** The tools on the tables of the present environment. */
export function administrationTools() {
  const {
    environment,
    documents,
    runtime,
    accounts,
    tokens: authTokens,
    access,
    events,
    limits,
    settings,
  } = frontDoor();
  const { step } = runtime;
  const { directory } = step.sources;
  const { box, hashPin } = step.tools;
  return {
    ...{ access, events, limits, accounts, authTokens, directory, step, box, hashPin },
    tokens: tokenStore(documents, environment.TOKENS_TABLE),
    pause: step.pause,
    timezone: step.timezone,
    challenges: challengeStore(documents, environment.DIRECTORY_TABLE),
    scan: () => scanTokens(documents, environment.TOKENS_TABLE),
    readUser: async (parameters: Parameters) => readUser(parameters, await settings(), directory),
  };
}

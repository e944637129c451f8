/** What the front door's administration works with, beside what every function of the front door does. */

import type { Parameters } from '../auth-api/parameters.ts';
import { readUser } from '../auth-api/user-parameter.ts';
import { challengeStore } from '../authenticate/challenge-store.ts';
import { settingsReader, settingsStore } from '../authenticate/settings-store.ts';
import { scanTokens } from '../token/listing.ts';
import { tokenStore } from '../token/store.ts';
import { frontDoor } from './front-door.ts';

export function administrationTools() {
  const { environment, documents, runtime, accounts, tokens: authTokens, access, events } = frontDoor();
  const { step, clock } = runtime;
  const { directory } = step.sources;
  const settings = settingsReader(settingsStore(documents, environment.DEFINITIONS_TABLE), clock.now);
  return {
    access,
    events,
    accounts,
    authTokens,
    directory,
    step,
    tokens: tokenStore(documents, environment.TOKENS_TABLE),
    box: step.tools.box,
    hashPin: step.tools.hashPin,
    pause: step.pause,
    timezone: step.timezone,
    challenges: challengeStore(documents, environment.DIRECTORY_TABLE),
    scan: () => scanTokens(documents, environment.TOKENS_TABLE),
    readUser: async (parameters: Parameters) => readUser(parameters, await settings(), directory),
  };
}

/** The front door's `/auth` and `/token/*`: what administrators do. */
import { administrationRoutes } from '../../lib/auth-api/administration-routes.ts';
import { limitAttempts } from '../../lib/auth-api/limit-attempts.ts';
import { readUser } from '../../lib/auth-api/user-parameter.ts';
import { challengeStore } from '../../lib/authenticate/challenge-store.ts';
import { authHandler } from '../../lib/lambda/auth-handler.ts';
import { FrontDoorEnvironment } from '../../lib/lambda/environment.ts';
import { frontDoor } from '../../lib/lambda/front-door.ts';
import { perEnvironment } from '../../lib/lambda/runtime.ts';
import { scanTokens } from '../../lib/token/listing.ts';
import { tokenStore } from '../../lib/token/store.ts';

export const handler = authHandler(
  perEnvironment(FrontDoorEnvironment, ({ TOKENS_TABLE, DIRECTORY_TABLE }) => {
    const { documents, runtime, accounts, authTokens, access, events, limits, settings } = frontDoor();
    const { step } = runtime;
    const { directory } = step.sources;
    const { box, hashPin } = step.tools;
    const operations = administrationRoutes({
      ...{ accounts, authTokens, directory, step, box, hashPin },
      tokens: tokenStore(documents, TOKENS_TABLE),
      challenges: challengeStore(documents, DIRECTORY_TABLE),
      scan: () => scanTokens(documents, TOKENS_TABLE),
      readUser: async (parameters) => readUser(parameters, await settings(), directory),
      pause: step.pause,
      timezone: step.timezone,
    });
    return { access, events, operations: limitAttempts(operations, limits) };
  }),
);

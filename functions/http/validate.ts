/** The front door's `/validate/*`: logins against the stored tokens. */
import { randomInt } from 'node:crypto';
import { limitAttempts } from '../../lib/auth-api/limit-attempts.ts';
import { inEqualTime } from '../../lib/auth-api/routes/validate-check.ts';
import { validateRoutes } from '../../lib/auth-api/validate-routes.ts';
import { challengeStore } from '../../lib/authenticate/challenge-store.ts';
import { delivery } from '../../lib/authenticate/delivery.ts';
import { pauseWithJitter } from '../../lib/base/concurrency.ts';
import { authHandler } from '../../lib/lambda/auth-handler.ts';
import { FrontDoorEnvironment } from '../../lib/lambda/environment.ts';
import { frontDoor } from '../../lib/lambda/front-door.ts';
import { perEnvironment } from '../../lib/lambda/runtime.ts';
import { tokenStore } from '../../lib/token/store.ts';

export const handler = authHandler(
  perEnvironment(FrontDoorEnvironment, (environment) => {
    const { documents, runtime, access, events, limits, settings } = frontDoor();
    const { directory } = runtime.step.sources;
    const operations = validateRoutes({
      tokens: tokenStore(documents, environment.TOKENS_TABLE),
      directory,
      box: runtime.step.tools.box,
      challenges: challengeStore(documents, environment.DIRECTORY_TABLE),
      settings,
      deliver: delivery(environment),
      ownerOf: async ({ token }) => token.user && directory.ownerEntry(token.user),
      randomBelow: (limit) => randomInt(limit),
      timezone: environment.TIMEZONE,
      pause: pauseWithJitter,
      inEqualTime: (work) => inEqualTime(work),
    });
    return { access, events, operations: limitAttempts(operations, limits) };
  }),
);

/** The front door's `/auth` and `/token/*`: what administrators do. */
import { authOperations } from '../../lib/auth-api/auth.ts';
import { limitAttempts } from '../../lib/auth-api/limit-attempts.ts';
import { tokenChallengeOperations } from '../../lib/auth-api/token-challenges.ts';
import { tokenChangeOperations } from '../../lib/auth-api/token-changes.ts';
import { tokenInitOperations } from '../../lib/auth-api/token-init.ts';
import { tokenListOperations } from '../../lib/auth-api/token-list.ts';
import { tokenResyncOperations } from '../../lib/auth-api/token-resync.ts';
import { tokenSettingOperations } from '../../lib/auth-api/token-settings.ts';
import { administrationTools } from '../../lib/lambda/administration-tools.ts';
import { authHandler } from '../../lib/lambda/auth-handler.ts';

export const handler = authHandler(() => {
  const { access, events, limits, ...tools } = administrationTools();
  const operations = {
    ...limitAttempts(authOperations(tools), limits),
    ...tokenListOperations(tools),
    ...tokenInitOperations(tools),
    ...tokenChangeOperations(tools),
    ...tokenSettingOperations(tools),
    ...tokenResyncOperations(tools),
    ...tokenChallengeOperations(tools),
  };
  return { access, events, operations };
});

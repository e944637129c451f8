/** The front door's `/auth` and `/token/*`: what administrators do. */
import { authOperations } from '../../lib/auth-api/auth.ts';
import { tokenChangeOperations } from '../../lib/auth-api/token-changes.ts';
import { tokenInitOperations } from '../../lib/auth-api/token-init.ts';
import { tokenListOperations } from '../../lib/auth-api/token-list.ts';
import { tokenSettingOperations } from '../../lib/auth-api/token-settings.ts';
import { authHandler } from '../../lib/lambda/auth-handler.ts';
import { frontDoor } from '../../lib/lambda/front-door.ts';
import { scanTokens } from '../../lib/token/listing.ts';

export const handler = authHandler(() => {
  const { access, events, accounts, tokens, runtime, documents, environment, readUser } = frontDoor();
  const { step } = runtime;
  const { directory, hashPin } = step.tools;
  const changing = { tokens: runtime.tokens, readUser, hashPin, pause: step.pause, timezone: step.timezone };
  const operations = {
    ...authOperations({ accounts, tokens, directory }),
    ...tokenListOperations({ ...changing, directory, scan: () => scanTokens(documents, environment.TOKENS_TABLE) }),
    ...tokenInitOperations({ ...changing, step }),
    ...tokenChangeOperations(changing),
    ...tokenSettingOperations(changing),
  };
  return { access, events, operations };
});

/** The front door's `/auth` and `/token/*`: what administrators do. */
import { authOperations } from '../../lib/auth-api/auth.ts';
import { authHandler } from '../../lib/lambda/auth-handler.ts';
import { frontDoor } from '../../lib/lambda/front-door.ts';

export const handler = authHandler(() => {
  const { access, events, accounts, tokens, runtime } = frontDoor();
  const { directory } = runtime.step.tools;
  return { access, events, operations: authOperations({ accounts, tokens, directory }) };
});

/** The front door's `/validate/*`: logins against the stored tokens. */
import { limitAttempts } from '../../lib/auth-api/limit-attempts.ts';
import { validateOperations } from '../../lib/auth-api/validate-operations.ts';
import { authHandler } from '../../lib/lambda/auth-handler.ts';
import { frontDoor } from '../../lib/lambda/front-door.ts';
import { loginTools } from '../../lib/lambda/login-tools.ts';

export const handler = authHandler(() => {
  const { access, events, limits } = frontDoor();
  return { access, events, operations: limitAttempts(validateOperations(loginTools()), limits) };
});

/** `/validate/*`: logins against the stored tokens, and their auth events. */
import type { Access } from '../../lib/auth-api/serve.ts';
import { notAuthenticated } from '../../lib/auth-api/fault.ts';
import { validateOperations } from '../../lib/auth-api/validate-operations.ts';
import { authHandler } from '../../lib/lambda/auth-handler.ts';
import { frontDoor } from '../../lib/lambda/front-door.ts';

export const handler = authHandler(() => {
  const { validate, events } = frontDoor();
  return { operations: validateOperations(validate), access, events };
});

const access: Access = {
  admit: async (_request, wanted) => {
    if (wanted === 'client' || wanted === 'anybody') return null;
    throw notAuthenticated(4033, 'Missing Authorization header.');
  },
};

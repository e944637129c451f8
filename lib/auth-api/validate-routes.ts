/**
 * Lists the routes of `/validate/*`: the name of each one's event, the role that may call it, and its handler, which is
 * in `routes/`.
 */
import { pollTransaction, triggerChallenges } from './routes/validate-challenges.ts';
import { checkForRadius, checkPassword } from './routes/validate-check.ts';
import type { ValidateTools } from './routes/validate-subject.ts';
import type { ApiOperation, ApiOperations, RequiredRole, RouteHandler } from './serve.ts';

/** Makes the operations of these routes. */
export function validateRoutes(tools: ValidateTools): ApiOperations {
  const route = (event: string, role: RequiredRole, handler: RouteHandler<ValidateTools>): ApiOperation => {
    return { event, id: 2, role, prepare: (call) => handler(call, tools) };
  };
  const check = route('validate_check', 'client', checkPassword);
  const radius = route('validate_check', 'client', checkForRadius);
  const trigger = route('validate_triggerchallenge', 'admin', triggerChallenges);
  const poll = route('validate_poll_transaction', 'client', pollTransaction);
  return {
    'GET /validate/check': check,
    'POST /validate/check': check,
    'GET /validate/radiuscheck': radius,
    'POST /validate/radiuscheck': radius,
    'GET /validate/triggerchallenge': trigger,
    'POST /validate/triggerchallenge': trigger,
    'GET /validate/polltransaction': poll,
    'GET /validate/polltransaction/{transaction_id}': poll,
  };
}

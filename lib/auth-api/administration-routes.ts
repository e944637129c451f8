/**
 * Lists the routes of `/auth` and `/token/*`: the name of each one's event, the role that may call it, and its handler,
 * which is in `routes/`.
 */
import { type AuthTools, logIn } from './routes/auth.ts';
import { listChallenges, type TokenChallengeTools } from './routes/token-challenges.ts';
import {
  assignToken,
  deleteTokens,
  disableTokens,
  enableTokens,
  resetTokens,
  revokeTokens,
  type TokenChangeTools,
  unassignTokens,
} from './routes/token-changes.ts';
import { initToken, type TokenInitTools } from './routes/token-init.ts';
import { listTokens, type TokenListTools } from './routes/token-list.ts';
import { resyncToken, type TokenResyncTools } from './routes/token-resync.ts';
import { describeTokens, setPin, setTokens, type TokenSettingTools } from './routes/token-settings.ts';
import type { ApiOperation, ApiOperations, RequiredRole, RouteHandler } from './serve.ts';

export type AdministrationTools = AuthTools &
  TokenListTools &
  TokenInitTools &
  TokenChangeTools &
  TokenSettingTools &
  TokenResyncTools &
  TokenChallengeTools;

/** Makes the operations of these routes. */
export function administrationRoutes(tools: AdministrationTools): ApiOperations {
  const route = (event: string, role: RequiredRole, handler: RouteHandler<AdministrationTools>): ApiOperation => {
    return { event, id: 1, role, prepare: (call) => handler(call, tools) };
  };
  return {
    'POST /auth': { ...route('auth', 'anybody', logIn), id: 2 },
    'GET /token': route('token_list', 'user or admin', listTokens),
    'POST /token/init': route('token_init', 'user or admin', initToken),
    'POST /token/assign': route('token_assign', 'user or admin', assignToken),
    'POST /token/unassign': route('token_unassign', 'user or admin', unassignTokens),
    ...alsoWithSerial({
      'DELETE /token': route('token_delete', 'user or admin', deleteTokens),
      'GET /token/challenges': route('token_getchallenges', 'admin', listChallenges),
      'POST /token/enable': route('token_enable', 'user or admin', enableTokens),
      'POST /token/disable': route('token_disable', 'user or admin', disableTokens),
      'POST /token/revoke': route('token_revoke', 'user or admin', revokeTokens),
      'POST /token/reset': route('token_reset', 'user or admin', resetTokens),
      'POST /token/set': route('token_set', 'admin', setTokens),
      'POST /token/description': route('token_set', 'user or admin', describeTokens),
      'POST /token/setpin': route('token_setpin', 'user or admin', setPin),
      'POST /token/resync': route('token_resync', 'user or admin', resyncToken),
    }),
  };
}

/** Adds each route once more, with the serial as the last part of its path. */
function alsoWithSerial(routes: ApiOperations): ApiOperations {
  const withSerial = Object.entries(routes).map(([route, operation]) => [`${route}/{serial}`, operation] as const);
  return { ...routes, ...Object.fromEntries(withSerial) };
}

/** Creates the callers of a scenario: administrators, and API keys and auth tokens when a request first needs them. */
import { randomUUID } from 'node:crypto';
import { accountStore } from '../../lib/auth-api/account-store.ts';
import { authTokens } from '../../lib/auth-api/auth-token.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { isoTime } from '../../lib/base/clock.ts';
import type { Tables } from '../stack/environment.ts';
import { stackRing } from '../stack/secrets.ts';
import type { HeadersOf } from './requests.ts';
import type { CheckedScenario } from './scenario.ts';

const HOUR_MS = 3_600_000;

/** Creates the scenario's administrators. If a request needs one and the scenario has none, creates one named admin. */
export async function seedAdmins({ admins, requests }: CheckedScenario, { directory }: Tables): Promise<void> {
  const accounts = accountStore(documentClient(), directory);
  const isOneCalling = requests?.some(({ as }) => as === 'admin' || as === 'expired') ?? false;
  const implied = isOneCalling ? [{ username: 'admin', password: randomUUID() }] : [];
  for (const { username, password } of admins ?? implied) await accounts.addAdmin(username, password, isoTime(0));
}

/** Returns a function that finds the headers of a caller. @param now in milliseconds since 1970 */
export function callersOf(tables: Tables, { admins }: CheckedScenario, now: () => number): HeadersOf {
  const accounts = accountStore(documentClient(), tables.directory);
  const username = admins?.[0]?.username ?? 'admin';
  const sign = async (at: number): Promise<string> => authTokens(await stackRing(tables, 'auth')).sign(username, at);
  const keys = new Map<string, Promise<string>>();
  const keyOf = (role: 'validate' | 'admin'): Promise<string> => {
    const key = keys.get(role) ?? accounts.addKey(role, 'of a scenario', isoTime(now())).then((made) => made.key);
    keys.set(role, key);
    return key;
  };
  const credentialOf = async (as: string): Promise<string> => {
    if (as === 'admin') return sign(now());
    if (as === 'expired') return sign(now() - 2 * HOUR_MS);
    if (as === 'api:validate' || as === 'api:admin') return keyOf(as === 'api:admin' ? 'admin' : 'validate');
    return as;
  };
  return async (as) => ({ 'pi-authorization': await credentialOf(as) });
}

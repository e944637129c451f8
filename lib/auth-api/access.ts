/** Identifies the caller of a request: by an API key, a token of `/auth`, or a signature. */
import { createHash } from 'node:crypto';
import type { AccountStore } from './account-store.ts';
import type { AuthTokens } from './auth-token.ts';
import { ApiFault, forbidden, notAuthenticated } from './fault.ts';
import type { RawRequest } from './parameters.ts';
import type { AccessControl, LoggedInUser } from './serve.ts';

export interface AccessOptions {
  readonly accounts: Pick<AccountStore, 'roleOf' | 'hasAdmin'>;
  readonly tokens: Pick<AuthTokens, 'verify'>;
  /** Whether `/validate/*` requires an API key, or is open to everybody, as in privacyIDEA. */
  readonly validateAccess: 'key' | 'open';
}

/** How long a removed key or administrator may still be accepted. */
const CACHED_FOR_MS = 60_000;
const MAX_CACHED = 1000;

/** Makes the access control of the front door. Roles are cached, because a key's scrypt hash is slow to compare. */
export function createAccess({ accounts, tokens, validateAccess }: AccessOptions): AccessControl {
  const cached = new Map<string, { readonly role: string; readonly until: number }>();

  /** Caches for a minute the role that `lookUp` finds. That there is none is not cached. */
  const cachedRole = async (name: string, now: number, lookUp: () => Promise<string | undefined>) => {
    const id = createHash('sha256').update(name).digest('base64');
    const known = cached.get(id);
    if (known && known.until > now) return known.role;
    const role = await lookUp();
    if (cached.size >= MAX_CACHED) cached.clear();
    if (role === undefined) cached.delete(id);
    else cached.set(id, { role, until: now + CACHED_FOR_MS });
    return role;
  };

  const roleOf = (key: string, now: number) => cachedRole(`key ${key}`, now, () => accounts.roleOf(key));

  const callerOf = async (credential: string, now: number): Promise<{ username: string; role: string }> => {
    const role = await roleOf(credential, now);
    if (role !== undefined) return { username: credential.split('_').slice(0, 2).join('_'), role };
    const { username, role: claimed } = await tokens.verify(credential, now);
    const isThere = async () => ((await accounts.hasAdmin(username)) ? claimed : undefined);
    if ((await cachedRole(`admin ${username}`, now, isThere)) !== undefined) return { username, role: claimed };
    throw notAuthenticated(4031, 'Wrong credentials');
  };

  return {
    async admit(request, role, key) {
      if (role === 'anybody' || (role === 'client' && validateAccess === 'open')) return null;
      if (request.signedBy !== null) return administrator(request.signedBy);
      const { 'x-api-key': apiKey } = request.headers;
      const candidates = [authorization(request), apiKey, key].filter((one) => typeof one === 'string' && one !== '');
      if (role === 'client') {
        for (const one of candidates) if (one && (await isAccepted(one, request.now, callerOf))) return null;
        throw forbidden('No valid API key was passed.');
      }
      const [credential] = candidates;
      if (!credential) throw notAuthenticated(4033, 'Missing Authorization header.');
      const caller = await callerOf(credential, request.now);
      if (caller.role === 'admin') return administrator(caller.username);
      const roles = role === 'admin' ? "['admin']" : "['user', 'admin']";
      throw notAuthenticated(4306, `You do not have the necessary role (${roles}) to access this resource!`);
    },
  };
}

const administrator = (username: string): LoggedInUser => ({ username, realm: '', role: 'admin' });

/** Reads the token from its header, with or without `Bearer`. */
function authorization({ headers }: RawRequest): string | undefined {
  return (headers['pi-authorization'] ?? headers['authorization'])?.replace(/^bearer +/i, '');
}

/** Tells whether a credential is that of a caller; one that is not is no error where several may be given. */
async function isAccepted(
  credential: string,
  now: number,
  callerOf: (credential: string, now: number) => Promise<unknown>,
): Promise<boolean> {
  try {
    await callerOf(credential, now);
    return true;
  } catch (error) {
    if (error instanceof ApiFault) return false;
    throw error;
  }
}

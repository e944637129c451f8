/** `/auth`: an administrator's token. Users have none here: the directory has no passwords. */
import type { AuthTokens } from './auth-token.ts';
import { notAuthenticated } from './fault.ts';
import { textOf } from './parameters.ts';
import type { ApiOperations } from './serve.ts';
import type { AccountStore } from './store.ts';

export interface AuthTools {
  readonly accounts: Pick<AccountStore, 'checkAdmin'>;
  readonly authTokens: Pick<AuthTokens, 'sign'>;
  readonly directory: { realms(): Promise<Readonly<Record<string, readonly string[]>>> };
}

export function authOperations({ accounts, authTokens, directory }: AuthTools): ApiOperations {
  return {
    'POST /auth': {
      event: 'auth',
      id: 2,
      wanted: 'anybody',
      async prepare({ parameters, now }) {
        const username = textOf(parameters, 'username')?.trim();
        const password = textOf(parameters, 'password') ?? '';
        const realm = textOf(parameters, 'realm') ?? '';
        return {
          user: { login: username ?? '', realm },
          async perform() {
            if (username === undefined) throw notAuthenticated(4032, 'Missing Username');
            if (realm !== '' && !Object.hasOwn(await directory.realms(), realm.toLowerCase())) {
              throw notAuthenticated(4031, `Unknown realm: ${realm}.`);
            }
            const isAdmin = realm === '' && username !== '' && (await accounts.checkAdmin(username, password));
            if (!isAdmin) throw notAuthenticated(4031, 'Wrong credentials', {});
            const told = { role: 'admin', realm: '', username, auth: true };
            const caller = { username, realm: '', role: 'admin' } as const;
            const token = await authTokens.sign(username, now);
            return { value: { ...told, token, log_level: 20, rights: [], menus: [] }, told, caller };
          },
        };
      },
    },
  };
}

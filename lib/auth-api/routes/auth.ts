/** `POST /auth`: gives an administrator a token. Users cannot log in here: the directory has no passwords. */
import type { AccountStore } from '../account-store.ts';
import type { AuthTokens } from '../auth-token.ts';
import { notAuthenticated } from '../fault.ts';
import { textOf } from '../parameter-values.ts';
import type { RouteHandler } from '../serve.ts';

export interface AuthTools {
  readonly accounts: Pick<AccountStore, 'checkAdmin'>;
  readonly authTokens: Pick<AuthTokens, 'sign'>;
  readonly directory: { realms(): Promise<Readonly<Record<string, readonly string[]>>> };
}

export const logIn: RouteHandler<AuthTools> = async ({ parameters, now }, { accounts, authTokens, directory }) => {
  const username = textOf(parameters, 'username');
  const password = textOf(parameters, 'password') ?? '';
  const realm = textOf(parameters, 'realm') ?? '';
  return {
    user: { login: username ?? '', realm },
    async perform() {
      if (username === undefined) throw notAuthenticated(4032, 'Missing Username');
      if (realm !== '' && !Object.hasOwn(await directory.realms(), realm.toLowerCase())) {
        throw notAuthenticated(4031, `Unknown realm: ${realm}.`);
      }
      const isAdmin = username !== '' && (await accounts.checkAdmin(username, password));
      if (!isAdmin) throw notAuthenticated(4031, 'Wrong credentials', {});
      const valueInEvent = { role: 'admin', realm: '', username, auth: true };
      const token = await authTokens.sign(username, now);
      return {
        value: { ...valueInEvent, token, log_level: 20, rights: [], menus: [] },
        valueInEvent,
        caller: { username, realm: '', role: 'admin' },
      };
    },
  };
};

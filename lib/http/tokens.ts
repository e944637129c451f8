/** `/tokens`: read by serial or by user, page by page, and the outcomes of the last days. Never a key, PIN or hash. */

import { TokenwrightError } from '../base/error.ts';
import type { Directory } from '../directory/directory.ts';
import type { UserReference } from '../directory/user.ts';
import type { OutcomeStore } from '../event/outcome-store.ts';
import { parse } from '../schema/validate.ts';
import { isLive } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';
import { type ShownToken, showToken } from '../token/view.ts';
import { type Call, type Operations, readQuery } from './call.ts';
import { OutcomesQuery, TokenPath, TokensQuery } from './contract.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { json } from './problem.ts';

export interface TokenSources {
  readonly tokens: Pick<TokenStore, 'read' | 'serialsOf'>;
  readonly directory: Pick<Directory, 'findUser'>;
  readonly outcomes: Pick<OutcomeStore, 'page'>;
}

export function tokenOperations({ tokens, directory, outcomes }: TokenSources): Operations {
  const read = async (serial: string): Promise<ShownToken | undefined> => {
    const record = await tokens.read(serial);
    return isLive(record) ? showToken(record) : undefined;
  };

  return {
    'GET /tokens': async (call) => {
      const { limit: most, cursor, ...user } = readQuery(TokensQuery, call);
      const owner = await findOwner(user, directory);
      const question = `${owner.resolver} ${owner.uid}`;
      const after = readCursor(question, cursor);
      const found: ShownToken[] = [];
      let next: string | undefined;
      for await (const serial of tokens.serialsOf(owner, after)) {
        if (found.length === most) {
          next = found.at(-1)?.serial;
          break;
        }
        const token = await read(serial);
        if (token) found.push(token);
      }
      return json(200, { tokens: found, cursor: next === undefined ? null : writeCursor(question, next) });
    },

    'GET /tokens/{serial}': async (call) => {
      const token = await read(serialOf(call));
      if (!token)
        throw new TokenwrightError('unknown_token', `there is no token ${serialOf(call)}`, { path: 'serial' });
      return json(200, token);
    },

    'GET /tokens/{serial}/outcomes': async (call) => {
      const serial = serialOf(call);
      const { limit: most, cursor } = readQuery(OutcomesQuery, call);
      const { outcomes: found, next } = await outcomes.page(serial, most, call.now, readCursor(serial, cursor));
      return json(200, { outcomes: found, cursor: next === undefined ? null : writeCursor(serial, next) });
    },
  };
}

/** An owner is known by resolver and uid, in the directory or no longer. */
async function findOwner({ resolver, uid, login, realm }: UserReference, directory: TokenSources['directory']) {
  if (resolver !== undefined && uid !== undefined) return { resolver, uid };
  const user = await directory.findUser({ ...(login ? { login } : {}), ...(realm ? { realm } : {}) });
  if (user) return user;
  throw new TokenwrightError('unknown_user', `there is no user ${login} in ${realm}`, { path: 'login', given: login });
}

const serialOf = ({ path }: Call): string => parse(TokenPath, path, 'bad_path').serial;

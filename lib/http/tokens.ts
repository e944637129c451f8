/** `/tokens`: tokens by serial or by user, page by page, and their latest outcomes; never a key, PIN or hash. */
import { TokenwrightError } from '../base/error.ts';
import type { Directory } from '../directory/directory.ts';
import type { UserReference } from '../directory/user.ts';
import type { OutcomeStore } from '../event/outcome-store.ts';
import { parse } from '../schema/validate.ts';
import { isLive } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';
import { type ShownToken, showToken } from '../token/view.ts';
import { type HttpCall, type HttpOperations, json, readQuery } from './call.ts';
import { OutcomesQuery, TokenPath, TokensQuery } from './contract.ts';

export interface TokenOperationTools {
  readonly tokens: Pick<TokenStore, 'read' | 'serialsOf'>;
  readonly directory: Pick<Directory, 'findUser'>;
  readonly outcomes: Pick<OutcomeStore, 'page'>;
}

export function tokenOperations({ tokens, directory, outcomes }: TokenOperationTools): HttpOperations {
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

/** Finds the owner by resolver and uid, also after the directory has lost the user, or by login and realm. */
async function findOwner({ resolver, uid, login, realm }: UserReference, directory: TokenOperationTools['directory']) {
  if (resolver !== undefined && uid !== undefined) return { resolver, uid };
  const user = await directory.findUser({ ...(login ? { login } : {}), ...(realm ? { realm } : {}) });
  if (user) return user;
  throw new TokenwrightError('unknown_user', `there is no user ${login} in ${realm}`, { path: 'login', given: login });
}

const serialOf = ({ path }: HttpCall): string => parse(TokenPath, path, 'bad_path').serial;

/** Writes an opaque cursor. @param question what is listed, such as the serial */
function writeCursor(question: string, after: string): string {
  return Buffer.from(JSON.stringify([question, after])).toString('base64url');
}

/** @throws TokenwrightError `bad_cursor` if it is not from here, or of another question */
function readCursor(question: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [asked, after] = decode(cursor);
  if (asked === question && typeof after === 'string' && isKey(after)) return after;
  throw new TokenwrightError('bad_cursor', 'is not a cursor of an answer to this very call', {
    path: 'cursor',
    allowed: 'the "cursor" of the page before',
  });
}

/** Tells whether DynamoDB accepts it as part of a key. A crafted cursor may contain anything. */
function isKey(after: string): boolean {
  return after !== '' && after.isWellFormed() && Buffer.byteLength(after) <= 1024;
}

function decode(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

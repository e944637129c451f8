/**
 * Reads the tokens and users that a replay starts from, each once for both sets. A token starts as it is now, but with
 * an empty ledger: the recorded events have been applied to it already, and would otherwise count as redeliveries.
 */
import type { Directory } from '../directory/directory.ts';
import type { UserIdentity } from '../directory/user.ts';
import { ownerKey } from '../token/item.ts';
import { isLive, type TokenRecord } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';

type Readable = Pick<TokenStore, 'read' | 'serialsOf'>;

export function tokensWithoutLedger(tokens: Readable): Readable {
  const records = new Map<string, Promise<TokenRecord | undefined>>();
  const owned = new Map<string, Promise<readonly string[]>>();
  const listOf = async (owner: Pick<UserIdentity, 'resolver' | 'uid'>) => {
    const serials: string[] = [];
    for await (const serial of tokens.serialsOf(owner)) serials.push(serial);
    return serials;
  };
  return {
    read: (serial) => once(records, serial, async () => withoutLedger(await tokens.read(serial))),
    async *serialsOf(owner, after = '') {
      const serials = await once(owned, ownerKey(owner), () => listOf(owner));
      yield* serials.filter((serial) => serial > after);
    },
  };
}

function withoutLedger(record: TokenRecord | undefined): TokenRecord | undefined {
  if (!isLive(record)) return undefined;
  return { ...record, ledger: [], notes: [], stamps: {}, lowWatermark: null, definitionWatermarks: {} };
}

/** How many answers of each kind are cached. */
const KEPT = 10_000;

/** Caches the answers of a directory. */
export function cachedDirectory(directory: Directory): Directory {
  const cached = <Asked extends readonly unknown[], Answer>(ask: (...asked: Asked) => Promise<Answer>) => {
    const known = new Map<string, Promise<Answer>>();
    return (...asked: Asked): Promise<Answer> => {
      if (known.size >= KEPT) known.clear();
      return once(known, JSON.stringify(asked), () => ask(...asked));
    };
  };
  return {
    findUser: cached(directory.findUser),
    ownerEntry: cached(directory.ownerEntry),
    realms: cached(directory.realms),
    hasTokengroup: cached(directory.hasTokengroup),
    container: cached(directory.container),
    containerOfToken: cached(directory.containerOfToken),
    countContainers: cached(directory.countContainers),
    challenges: cached(directory.challenges),
    counters: cached(directory.counters),
  };
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  return answer;
}

/**
 * The tokens and people that a replay starts from: each is read once, and kept for both sets. A token starts as it is
 * now, without the memory of what was done to it: the recorded events were done to it already, and would else be taken
 * for redeliveries.
 */
import type { Directory } from '../directory/directory.ts';
import type { UserIdentity } from '../directory/user.ts';
import { ownerKey } from '../token/item.ts';
import { isLive, type TokenRecord } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';

type Readable = Pick<TokenStore, 'read' | 'serialsOf'>;

export function unmarkedTokens(tokens: Readable): Readable {
  const records = new Map<string, Promise<TokenRecord | undefined>>();
  const owned = new Map<string, Promise<readonly string[]>>();
  const listOf = async (owner: Pick<UserIdentity, 'resolver' | 'uid'>) => {
    const serials: string[] = [];
    for await (const serial of tokens.serialsOf(owner)) serials.push(serial);
    return serials;
  };
  return {
    read: (serial) => once(records, serial, async () => unmarked(await tokens.read(serial))),
    async *serialsOf(owner, after = '') {
      const serials = await once(owned, ownerKey(owner), () => listOf(owner));
      yield* serials.filter((serial) => serial > after);
    },
  };
}

function unmarked(record: TokenRecord | undefined): TokenRecord | undefined {
  if (!isLive(record)) return undefined;
  return { ...record, ledger: [], notes: [], stamps: {}, lowWatermark: null, definitionWatermarks: {} };
}

/** So many answers of each kind are kept. */
const KEPT = 10_000;

/** A directory that is asked everything once. */
export function rememberingDirectory(directory: Directory): Directory {
  const remember = <Asked extends readonly unknown[], Answer>(ask: (...asked: Asked) => Promise<Answer>) => {
    const known = new Map<string, Promise<Answer>>();
    return (...asked: Asked): Promise<Answer> => {
      if (known.size >= KEPT) known.clear();
      return once(known, JSON.stringify(asked), () => ask(...asked));
    };
  };
  return {
    findUser: remember(directory.findUser),
    ownerEntry: remember(directory.ownerEntry),
    realms: remember(directory.realms),
    hasTokengroup: remember(directory.hasTokengroup),
    container: remember(directory.container),
    containerOfToken: remember(directory.containerOfToken),
    countContainers: remember(directory.countContainers),
    challenges: remember(directory.challenges),
    counters: remember(directory.counters),
  };
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  return answer;
}

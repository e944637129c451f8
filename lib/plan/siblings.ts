/**
 * The siblings of an event's tokens: the other tokens of the same owner and type. At a rollover the event names the
 * new token, and its siblings are the old ones. Several tokens: the siblings of each, and none of the tokens named.
 */

import { isSameUser } from '../directory/user.ts';
import type { FactSources } from '../step/facts.ts';
import { isLive, type TokenRecord } from '../token/record.ts';

/** @param serials the event's tokens @returns in the order in which they are found, each once */
export async function findSiblings(serials: readonly string[], tokens: FactSources['tokens']): Promise<string[]> {
  const named = new Set(serials);
  const siblings = new Set<string>();
  for (const serial of serials) {
    const record = await tokens.read(serial);
    const { user, tokentype } = livingToken(record) ?? { user: null, tokentype: '' };
    if (user === null) continue;
    for await (const other of tokens.serialsOf(user)) {
      if (named.has(other) || siblings.has(other)) continue;
      // The index may lag behind the tokens.
      const token = livingToken(await tokens.read(other));
      if (token?.tokentype === tokentype && isSameUser(token.user, user)) siblings.add(other);
    }
  }
  return [...siblings];
}

function livingToken(record: TokenRecord | undefined): TokenRecord['token'] | null {
  return isLive(record) ? record.token : null;
}

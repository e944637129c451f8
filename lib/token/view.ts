/** A token as the command line and the API show it. Never the key, never the PIN or its hash. */
import { type TokenRecord, viewToken } from './record.ts';
import { isLocked, type Token } from './token.ts';

export type ShownToken = Token & { readonly locked: boolean };

export function showToken(record: TokenRecord): ShownToken {
  const { pin_set, ...token } = viewToken(record);
  return { ...token, locked: isLocked(token), pin_set };
}

/** A token as the command line and the API show it (DESIGN section 4). Never the key, never the PIN or its hash. */
import { type TokenRecord, viewToken } from '../lib/token/record.ts';
import { isLocked, type Token } from '../lib/token/token.ts';

export type ShownToken = Token & { readonly locked: boolean };

export function showToken(record: TokenRecord): ShownToken {
  const { pin_set, ...token } = viewToken(record);
  return { ...token, locked: isLocked(token), pin_set };
}

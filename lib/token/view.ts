/** A token as the command line and the API show it. Never the key, never the PIN or its hash, nor a secret in tokeninfo. */
import { isSecretInfo, MASK } from '../schema/secret-names.ts';
import { type TokenRecord, viewToken } from './record.ts';
import { isLocked, type Token } from './token.ts';

export type ShownToken = Token & { readonly locked: boolean };

export function showToken(record: TokenRecord): ShownToken {
  const { pin_set, ...token } = viewToken(record);
  return { ...token, info: showInfo(token.info), locked: isLocked(token), pin_set };
}

/** Tokeninfo with a mask in place of each secret: imports refuse them, but other writers may have stored some. */
export function showInfo(info: Token['info']): Token['info'] {
  return Object.fromEntries(Object.entries(info).map(([key, value]) => [key, showInfoValue(key, value)]));
}

/** @param value `null`: there is none */
export function showInfoValue<T extends string | null>(key: string, value: T): T | typeof MASK {
  return value && isSecretInfo(key) ? MASK : value;
}

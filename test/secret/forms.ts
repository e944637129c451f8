/**
 * test/secret proves that secrets are encrypted, derived and rotated as documented, and written nowhere in clear text.
 *
 * A secret in all the forms in which it may have been written.
 */
import { base32nopad } from '@scure/base';

/** @param secret as text; in base64 wherever it stands in a longer value */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const within = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last characters depend on what stands around.
    return padded.slice(offset === 0 ? 0 : offset + 1, (bytes.length + offset) % 3 === 0 ? undefined : -1);
  });
  const safe = within.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), hex, hex.toUpperCase(), ...within, ...safe])];
}

/** The secrets that responses announced: their texts, and the key that an `otpkey` is made of. */
export function announcedBy(responses: readonly unknown[]): string[][] {
  return responses.flatMap((response) => texts(response)).filter((forms) => forms.length > 0);
}

const NO_SECRETS = ['serial', 'type', 'rollout_state', 'description'];

function texts(value: unknown): string[][] {
  if (typeof value === 'string') return [asText(value)];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => (NO_SECRETS.includes(name) ? [] : texts(inner)));
}

function asText(text: string): string[] {
  // A short code is some number's digits somewhere: only as a text of its own would it be found for sure.
  if (/^\d{1,8}$/.test(text)) return [`"${text}"`, `\\"${text}\\"`];
  const [, hex] = /^seed:\/\/([0-9a-f]+)$/.exec(text) ?? [];
  if (hex === undefined) return formsOf(text);
  const key = Buffer.from(hex, 'hex');
  return [...formsOf(key.toString('latin1')), hex, key.toString('base64').replace(/=+$/, ''), base32nopad.encode(key)];
}

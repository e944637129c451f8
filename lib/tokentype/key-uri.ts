/**
 * Announces a key to an authenticator app: as an otpauth URI (Key Uri Format) and as a QR code. Fields have the names of
 * privacyIDEA's answer to `/token/init`.
 */
import { base32nopad } from '@scure/base';
import { generateURI } from 'otplib';
import { renderSVG } from 'uqr';
import type { HashName } from './one-time-password.ts';
import type { Naming } from './token-type.ts';

/** White modules around a QR code (ISO/IEC 18004), which some readers need. */
const QUIET_ZONE = 4;

interface UriParameters {
  readonly secret: Uint8Array;
  readonly algorithm: HashName;
  readonly digits: number;
}

/**
 * Announces a key for an app.
 *
 * @param period seconds of a time step; absent for a counter, which starts at 0
 * @param type `daypassword`, as privacyIDEA announces it to its own app: others read every `totp` with 30 seconds
 */
export function announceKey(
  { secret, algorithm, digits }: UriParameters,
  { serial, issuer }: Naming,
  period?: number,
  type: 'totp' | 'daypassword' = 'totp',
): Record<string, unknown> {
  const base32 = base32nopad.encode(secret);
  const common = { issuer: withoutColons(issuer), label: serial, secret: base32, algorithm, digits };
  const uri =
    period === undefined
      ? generateURI({ ...common, strategy: 'hotp', counter: 0 })
      : generateURI({ ...common, strategy: 'totp', period }).replace('//totp/', `//${type}/`);
  return {
    ...announceSecret(secret),
    googleurl: withQrCode(type === 'totp' ? 'URL for authenticator apps' : "URL for privacyIDEA's app", uri),
  };
}

/** Announces the key alone, in privacyIDEA's form. */
export function announceSecret(secret: Uint8Array): Record<string, unknown> {
  const hex = Buffer.from(secret).toString('hex');
  return { otpkey: { description: 'OTP seed', value: `seed://${hex}`, value_b32: base32nopad.encode(secret) } };
}

export function withQrCode(description: string, value: string): Record<string, string> {
  const svg = renderSVG(value, { pixelSize: 1, border: QUIET_ZONE });
  return { description, value, img: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
}

/** Removes colons: in a label a colon separates issuer and account. */
function withoutColons(issuer: string): string {
  return issuer.replaceAll(':', ' ').trim();
}

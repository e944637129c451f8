/**
 * Secrets that a definition may hold: the options `otpkey`, `pin` and `motppin`, also inside `additional_params`,
 * which is a dictionary, or a text with one; stored, they are sealed. Whatever shows a definition to people shows a mask in their place.
 */

import { isRecord } from '../base/object.ts';
import { isSecretOption, MASK, mentionsSecretOption } from '../schema/secret-names.ts';
import { isSealed } from './sealed-options.ts';

/** The options with a mask in place of each secret. */
export function maskSecrets(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, maskOption(name, value)]));
}

/** One option as it may be shown. */
export function maskOption(name: string, value: unknown): unknown {
  if (isSealed(value)) return MASK;
  if (isSecretOption(name)) return value === '' || value == null ? value : MASK;
  if (isRecord(value)) return maskSecrets(value);
  if (typeof value === 'string' && name === 'additional_params') return maskText(value);
  return value;
}

/** A definition as it may be shown, whatever the store holds of it. */
export function maskBody(body: unknown): Record<string, unknown> {
  if (!isRecord(body)) return {};
  return isRecord(body.options) ? { ...body, options: maskSecrets(body.options) } : body;
}

/** A dictionary as text; what cannot be read and may hold a secret is masked whole. */
function maskText(text: string): string {
  const dictionary = readDictionary(text);
  if (dictionary) {
    const masked = JSON.stringify(maskSecrets(dictionary));
    return masked === JSON.stringify(dictionary) ? text : masked;
  }
  return mentionsSecretOption(text) ? MASK : text;
}

function readDictionary(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

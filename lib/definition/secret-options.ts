/**
 * Masks the secret options of a definition (`otpkey`, `pin`, ...) wherever it is shown, also inside `additional_params`,
 * which is a dictionary, or a text with one.
 */

import { isRecord } from '../base/object.ts';
import { isSecretOption, MASK, mentionsSecretOption } from '../schema/secret-names.ts';
import { isSealed } from './sealed-options.ts';

/** Masks the secrets of options. */
export function maskSecrets(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, maskOption(name, value)]));
}

/** Masks an option if it is secret. */
export function maskOption(name: string, value: unknown): unknown {
  if (isSealed(value)) return MASK;
  if (isSecretOption(name)) return value === '' || value == null ? value : MASK;
  if (isRecord(value)) return maskSecrets(value);
  if (typeof value === 'string' && name === 'additional_params') return maskText(value);
  return value;
}

/** Masks the secrets of a stored definition, which may be unreadable. */
export function maskBody(body: unknown): Record<string, unknown> {
  if (!isRecord(body)) return {};
  return isRecord(body.options) ? { ...body, options: maskSecrets(body.options) } : body;
}

/** Masks a dictionary in a text. A text that cannot be read and may hold a secret is masked completely. */
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

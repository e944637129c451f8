/**
 * The names of secret fields in events, in any case: parameters of privacyIDEA's requests and fields of its answers. Their
 * values are neither stored nor quoted.
 */
export const SECRET_NAMES: ReadonlySet<string> = new Set([
  'pass',
  'password',
  'passwd',
  'pin',
  'new_pin',
  'otppin',
  'motppin',
  'userpin',
  'sopin',
  'otp1',
  'otp2',
  'otpkey',
  'otps',
  'tans',
  'secret',
  'seed',
  'private_key',
  'authorization',
  'registrationcode',
  'googleurl',
  'motpurl',
]);

/** Tells whether any part of a path is the name of a secret, as in `detail.request.pin`. */
export function isSecretPath(path: string): boolean {
  return path.split('.').some(isSecretName);
}

/** The options of definitions that are stored sealed and never shown, also where they stand in `additional_params`. */
const SECRET_OPTIONS: readonly string[] = ['otpkey', 'pin', 'motppin', 'otppin', 'password', 'tans'];

export function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase());
}

export function isSecretOption(name: string): boolean {
  return SECRET_OPTIONS.includes(name.trim().toLowerCase());
}

/** Tells whether a text, such as `additional_params`, may give a secret option a value. */
export function mentionsSecretOption(text: string): boolean {
  const plain = text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const words = plain.toLowerCase().match(/[a-z_]+/g) ?? [];
  return words.some((word) => SECRET_OPTIONS.includes(word));
}

/** Replaces a secret wherever it would be shown. */
export const MASK = '********';

/** Tells whether tokeninfo of that name is secret: a secret name of events, also after a dot (`radius.secret`), or a key. */
export function isSecretInfo(key: string): boolean {
  const last = key.slice(key.lastIndexOf('.') + 1);
  return isSecretName(key) || isSecretName(last) || /^(private_?key|ssh_?key)/i.test(last);
}

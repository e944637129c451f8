/**
 * The names under which secrets travel in events, whatever their case: what stands there is neither kept nor repeated.
 * They are what privacyIDEA's requests take and its answers give.
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

/** Whether a part of a path, as in `detail.request.pin`, is one of them. */
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

/** Whether a text, such as `additional_params` as it stands in the manual, gives such an option a value. */
export function mentionsSecretOption(text: string): boolean {
  const plain = text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const words = plain.toLowerCase().match(/[a-z_]+/g) ?? [];
  return words.some((word) => SECRET_OPTIONS.includes(word));
}

/** What stands in the place of a secret wherever people would see it. */
export const MASK = '********';

/** Whether tokeninfo of that name holds a secret: a name as in events, also behind a dot (`radius.secret`), or a key. */
export function isSecretInfo(key: string): boolean {
  const last = key.slice(key.lastIndexOf('.') + 1);
  return isSecretName(key) || isSecretName(last) || /^(private_?key|ssh_?key)/i.test(last);
}

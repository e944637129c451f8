/** The names under which secrets travel (DESIGN section 2): what stands there is neither kept nor repeated. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'pass',
  'password',
  'pin',
  'otpkey',
  'otppin',
  'motppin',
  'secret',
  'googleurl',
  'otps',
]);

export function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase());
}

/** Points the SDK clients of this process at a local stack. */

/** What would win over the stack's credentials and endpoints, and lead to AWS. */
const STRAY = ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'];

/** @param environment endpoints, region, credentials, names of tables and buses */
export function connectTo(environment: Readonly<Record<string, string>>): void {
  for (const name of STRAY) delete process.env[name];
  Object.assign(process.env, environment);
}

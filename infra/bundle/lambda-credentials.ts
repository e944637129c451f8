/**
 * Takes the place of `@aws-sdk/credential-provider-node` in the bundles. Lambda hands a function its role's
 * credentials in the environment and nowhere else, so the files, SSO and instance metadata that the SDK also looks
 * through are 135 KB that never find anything.
 */

/**
 * The SDK's default provider, reduced to the environment.
 * @throws Error where the environment has none; the SDK reports it as the failure of the call.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error('no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not in the environment');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
};

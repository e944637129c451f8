/**
 * Replaces `@aws-sdk/credential-provider-node` in the bundles, which saves 135 KB. Lambda gives a function the
 * credentials of its role in the environment only; files, SSO and instance metadata never have any.
 */

/**
 * The SDK's default provider, reduced to the environment.
 * @throws Error if the environment has none; the SDK reports it as the failure of the call.
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

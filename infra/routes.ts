/** A route of the HTTP API whose callers must sign their calls and be allowed by IAM. */
export const signed = (method: string, path: string) => ({ method, path, authorizer: { type: 'aws_iam' } });

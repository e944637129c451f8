/** A route of the HTTP API: whoever calls it signs the call, and is allowed to by IAM. */
export const signed = (method: string, path: string) => ({ method, path, authorizer: { type: 'aws_iam' } });

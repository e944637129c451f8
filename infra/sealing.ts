/** The permissions and variables of a function that encrypts or decrypts secrets. */
import { allow, arn } from './permissions.ts';

/** The KMS key, and the data keys that it encrypts; the function that first needs a data key makes it. */
export const sealSecrets = [
  allow('kms', ['GenerateDataKey', 'Decrypt'], [arn('SecretsKey')]),
  allow('dynamodb', ['GetItem', 'Query', 'PutItem'], [arn('SecretKeysTable')]),
];
export const secretsKey = { SECRETS_KEY_ID: { Ref: 'SecretsKey' }, SECRET_KEYS_TABLE: { Ref: 'SecretKeysTable' } };

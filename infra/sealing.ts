/** What a function holds that keeps secrets, or opens those that are kept. */
import { allow, arn } from './permissions.ts';

/** To keep and open secrets: the wrapped data keys, the first of which whoever needs it makes, and the key that wraps. */
export const sealSecrets = [
  allow('kms', ['GenerateDataKey', 'Decrypt'], [arn('SecretsKey')]),
  allow('dynamodb', ['GetItem', 'Query', 'PutItem'], [arn('SecretKeysTable')]),
];
export const secretsKey = { SECRETS_KEY_ID: { Ref: 'SecretsKey' }, SECRET_KEYS_TABLE: { Ref: 'SecretKeysTable' } };

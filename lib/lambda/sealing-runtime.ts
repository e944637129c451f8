/** The runtime of the functions that make or open the secrets that are kept: they may use both of the stack's keys. */
import { documentClient } from '../aws/clients.ts';
import { kmsClient } from '../aws/kms-client.ts';
import { processClock } from '../clock.ts';
import { SealingEnvironment } from '../config/environment.ts';
import { secretBox } from '../secret/box.ts';
import { secretDeriver } from '../secret/derive.ts';
import { keyRing } from '../secret/key-ring.ts';
import { kmsMac, kmsWrapper } from '../secret/kms.ts';
import { keyTable } from '../secret/store.ts';
import { createRuntime, perEnvironment } from './runtime.ts';

export const sealingRuntime = perEnvironment(SealingEnvironment, (environment) => {
  const kms = kmsClient(environment.REQUEST_TIMEOUT_MS);
  const table = keyTable(documentClient(environment.REQUEST_TIMEOUT_MS), environment.SECRET_KEYS_TABLE);
  const ring = keyRing(table, kmsWrapper(environment.SECRETS_KEY_ID, kms), () => processClock().now());
  return createRuntime(environment, {
    secrets: secretDeriver(kmsMac(environment.DERIVATION_KEY_ID, kms)),
    box: secretBox(ring),
  });
});

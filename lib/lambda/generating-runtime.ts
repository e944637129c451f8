/**
 * Makes the runtime of functions that may use the derivation key, apart from the others to keep their bundles small.
 */

import { secretDeriver } from '../secret/derive.ts';
import { kmsClient, kmsMac } from '../secret/kms.ts';
import { GeneratingEnvironment } from './environment.ts';
import { createRuntime, perEnvironment } from './runtime.ts';

export const generatingRuntime = perEnvironment(GeneratingEnvironment, (environment) => {
  const kms = kmsClient(environment.REQUEST_TIMEOUT_MS);
  return createRuntime(environment, { secrets: secretDeriver(kmsMac(environment.DERIVATION_KEY_ID, kms)) });
});

/** The runtime of the functions that may use the derivation key; only they bundle KMS. */
import { GeneratingEnvironment } from '../config/environment.ts';
import { secretDeriver } from '../secret/derive.ts';
import { kmsMac } from '../secret/kms.ts';
import { createRuntime, perEnvironment } from './runtime.ts';

export const generatingRuntime = perEnvironment(GeneratingEnvironment, (environment) =>
  createRuntime(environment, secretDeriver(kmsMac(environment.DERIVATION_KEY_ID))),
);

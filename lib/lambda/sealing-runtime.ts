/** Makes the runtime of functions that seal or open secrets, and may use both of the stack's keys. */
import type * as z from 'zod/mini';
import { secretDeriver } from '../secret/derive.ts';
import { kmsClient, kmsMac } from '../secret/kms.ts';
import { SealingEnvironment } from './environment.ts';
import { createRuntime, perEnvironment } from './runtime.ts';
import { sealingBox } from './sealing-box.ts';

/** Makes the runtime of a checked environment, for functions whose environment has more variables. */
export function createSealingRuntime(environment: z.output<typeof SealingEnvironment>) {
  return createRuntime(environment, {
    secrets: secretDeriver(kmsMac(environment.DERIVATION_KEY_ID, kmsClient(environment.REQUEST_TIMEOUT_MS))),
    box: sealingBox(environment),
  });
}

export const sealingRuntime = perEnvironment(SealingEnvironment, createSealingRuntime);

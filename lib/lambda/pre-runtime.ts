/** The runtime of `POST /pre`: whoever repeats a call is told its secrets again for some minutes, and no longer. */
import { PreEnvironment } from './environment.ts';
import { perEnvironment } from './runtime.ts';
import { createSealingRuntime } from './sealing-runtime.ts';

const MINUTE = 60_000;

export const preRuntime = perEnvironment(PreEnvironment, (environment) => {
  const runtime = createSealingRuntime(environment);
  return { ...runtime, step: { ...runtime.step, repeatFor: environment.PRE_REPEAT_MINUTES * MINUTE } };
});

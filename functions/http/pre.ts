/** `POST /pre`: runs the `pre` definitions of one auth event while its sender waits. */
import { preOperations } from '../../lib/http/pre.ts';
import { PreEnvironment } from '../../lib/lambda/environment.ts';
import { httpHandler } from '../../lib/lambda/http-handler.ts';
import { count } from '../../lib/lambda/observe.ts';
import { runPreDefinitions } from '../../lib/lambda/pre-definitions.ts';
import { perEnvironment } from '../../lib/lambda/runtime.ts';
import { createSealingRuntime } from '../../lib/lambda/sealing-runtime.ts';

const MINUTE = 60_000;

const preRuntime = perEnvironment(PreEnvironment, (environment) => {
  const runtime = createSealingRuntime(environment);
  return { ...runtime, step: { ...runtime.step, repeatFor: environment.PRE_REPEAT_MINUTES * MINUTE } };
});

export const handler = httpHandler(() => {
  const runtime = preRuntime();
  return preOperations({
    run: (event) => {
      count('PreEvents');
      return runPreDefinitions(event, runtime);
    },
    onSecretsDropped: (dropped) => count('SecretsDropped', dropped),
  });
});

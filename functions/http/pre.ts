/** `POST /pre`: does the `pre` definitions of one auth event while its sender waits. */
import { preOperations } from '../../lib/http/pre.ts';
import { httpHandler } from '../../lib/lambda/http-handler.ts';
import { count } from '../../lib/lambda/observe.ts';
import { runPreDefinitions } from '../../lib/lambda/pre-definitions.ts';
import { preRuntime } from '../../lib/lambda/pre-runtime.ts';

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

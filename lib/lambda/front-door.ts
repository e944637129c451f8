/** What the functions of the front door work with: they open OTP keys, check who calls, and raise auth events. */
import { createAccess } from '../auth-api/access.ts';
import { authTokens } from '../auth-api/auth-token.ts';
import { accountStore } from '../auth-api/store.ts';
import { documentClient } from '../aws/clients.ts';
import { deadLetterQueue } from '../aws/dead-letters.ts';
import { processClock } from '../base/clock.ts';
import { keyRing } from '../secret/key-ring.ts';
import { authEvents } from './auth-events.ts';
import { FrontDoorEnvironment } from './environment.ts';
import { perEnvironment } from './runtime.ts';
import { sealingKeys } from './sealing-box.ts';
import { sealingRuntime } from './sealing-runtime.ts';

export const frontDoor = perEnvironment(FrontDoorEnvironment, (environment) => {
  const documents = documentClient(environment.REQUEST_TIMEOUT_MS);
  const runtime = sealingRuntime();
  const accounts = accountStore(documents, environment.DIRECTORY_TABLE);
  const tokens = authTokens(keyRing(...sealingKeys(environment, 'auth'), () => processClock().now()));
  return {
    environment,
    documents,
    runtime,
    accounts,
    tokens,
    access: createAccess({ accounts, tokens, validateAccess: environment.VALIDATE_ACCESS }),
    events: authEvents(runtime, deadLetterQueue(environment.DEAD_LETTER_QUEUE_URL)),
  };
});

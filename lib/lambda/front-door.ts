/** Makes the tools of both functions of the front door: stores, access control, limits and auth events. */
import { createAccess } from '../auth-api/access.ts';
import { accountStore } from '../auth-api/account-store.ts';
import { authTokens } from '../auth-api/auth-token.ts';
import type { LimitTools } from '../auth-api/limit-attempts.ts';
import { attemptStore } from '../authenticate/attempt-store.ts';
import { settingsReader, settingsStore } from '../authenticate/settings-store.ts';
import { documentClient } from '../aws/clients.ts';
import { deadLetterQueue } from '../aws/dead-letters.ts';
import { processClock } from '../base/clock.ts';
import { keyRing } from '../secret/key-ring.ts';
import { authEvents } from './auth-events.ts';
import { FrontDoorEnvironment } from './environment.ts';
import { count } from './observe.ts';
import { perEnvironment } from './runtime.ts';
import { sealingKeys } from './sealing-box.ts';
import { sealingRuntime } from './sealing-runtime.ts';

/** The limits where the settings have none: a hundred failures of a user in five minutes; the window is in seconds. */
const DEFAULT_LIMITS = { user: 100, address: 1000, window: 300 };

export const frontDoor = perEnvironment(FrontDoorEnvironment, (environment) => {
  const documents = documentClient(environment.REQUEST_TIMEOUT_MS);
  const runtime = sealingRuntime();
  const accounts = accountStore(documents, environment.DIRECTORY_TABLE);
  const tokens = authTokens(keyRing(...sealingKeys(environment, 'auth'), () => processClock().now()));
  const settings = settingsReader(settingsStore(documents, environment.DEFINITIONS_TABLE), runtime.clock.now);
  const limits: LimitTools = {
    attempts: attemptStore(documents, environment.DIRECTORY_TABLE, runtime.clock.now),
    limits: async () => (await settings()).limits ?? (environment.ATTEMPT_LIMITS === 'on' ? DEFAULT_LIMITS : null),
    onLimited: () => count('AttemptsLimited'),
  };
  return {
    settings,
    limits,
    environment,
    documents,
    runtime,
    accounts,
    authTokens: tokens,
    access: createAccess({ accounts, tokens, validateAccess: environment.VALIDATE_ACCESS }),
    events: authEvents(runtime, deadLetterQueue(environment.DEAD_LETTER_QUEUE_URL)),
  };
});

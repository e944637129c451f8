/**
 * Refuses a call with 429 if its user or its address has failed too often. A refused call compares no password, counts
 * and writes nothing, and raises no event.
 */
import type { AttemptStore, AttemptSubject } from '../authenticate/attempt-store.ts';
import { ApiFault, tooManyAttempts } from './fault.ts';
import type { ApiCall, ApiOperation, ApiOperations, Done, Prepared } from './serve.ts';

/** The failures that a window allows; 0: any number. */
export interface AttemptLimits {
  readonly user: number;
  readonly address: number;
  /** In seconds. */
  readonly window: number;
}

export interface LimitTools {
  readonly attempts: AttemptStore;
  /** Reads the limits. @returns `null`: there are none */
  limits(): Promise<AttemptLimits | null>;
  /** Is called for each refused call. */
  onLimited(): void;
}

/** Adds the limits to the operations whose failures are guesses at a password. */
export function limitAttempts(operations: ApiOperations, tools: LimitTools): ApiOperations {
  const limited = Object.entries(operations).map(([route, operation]) => [route, limit(operation, tools)] as const);
  return Object.fromEntries(limited);
}

/** The names of the events of those operations. */
const GUESSES: readonly string[] = ['validate_check', 'auth'];

function limit(operation: ApiOperation, tools: LimitTools): ApiOperation {
  if (!GUESSES.includes(operation.event)) return operation;
  return {
    ...operation,
    async prepare(call) {
      const prepared = await operation.prepare(call);
      const limits = await tools.limits();
      return limits === null ? prepared : guard(call, prepared, limits, tools);
    },
  };
}

/** Checks the limits, and counts the call if it fails. @throws ApiFault 429 with the seconds until the window ends */
async function guard(
  { clientIp, now }: ApiCall,
  prepared: Prepared,
  { user, address, window }: AttemptLimits,
  { attempts, onLimited }: LimitTools,
): Promise<Prepared> {
  const seconds = Math.floor(now / 1000);
  const begun = seconds - (seconds % window);
  const ends = begun + window;
  const who = subjectOf(prepared, clientIp);
  const isUserOver = user > 0 && who.login !== '' && (await attempts.ofUser(who, begun)) >= user;
  const isAddressOver = address > 0 && clientIp !== null && (await attempts.ofAddress(clientIp, begun)) >= address;
  if (isUserOver || isAddressOver) {
    onLimited();
    throw tooManyAttempts(ends - seconds);
  }
  const count = () => attempts.count(who, begun, ends + window);
  return {
    ...prepared,
    async perform() {
      try {
        const done = await prepared.perform();
        if (isFailure(done)) await count();
        return done;
      } catch (error) {
        if (error instanceof ApiFault) await count();
        throw error;
      }
    },
  };
}

/**
 * Returns the user of an attempt. A user who is found by resolver may have another realm than the request: the entry's
 * counts.
 */
function subjectOf({ user, entry }: Prepared, address: string | null): AttemptSubject {
  if (!entry) return { login: user?.login ?? '', realm: user?.realm ?? '', known: null, address };
  const { login, realm, failures } = entry;
  return { login, realm, known: { failures }, address };
}

/** Tells whether an answer is a failed attempt. A challenge is not. */
function isFailure({ value, detail = {} }: Done): boolean {
  const { multi_challenge } = detail;
  return value === false && !(Array.isArray(multi_challenge) && multi_challenge.length > 0);
}

/**
 * Refuses a call with 429 where its user, or its address, has failed too often. It is refused before anything else: no
 * password is compared, nothing is counted or written, and no event is raised, however many such calls come.
 */
import type { Attempting, AttemptStore } from '../authenticate/attempt-store.ts';
import { ApiFault, tooManyAttempts } from './fault.ts';
import type { ApiCall, ApiOperation, ApiOperations, Done, Prepared } from './serve.ts';

/** How many failures there may be in a window; 0: any number. */
export interface AttemptLimits {
  readonly user: number;
  readonly address: number;
  /** In seconds. */
  readonly window: number;
}

export interface LimitTools {
  readonly attempts: AttemptStore;
  /** `null`: there are none. */
  limits(): Promise<AttemptLimits | null>;
  /** Told of each call that is refused. */
  onLimited(): void;
}

/** The operations, with limits on those whose failures are guesses at a password. */
export function limitAttempts(operations: ApiOperations, tools: LimitTools): ApiOperations {
  const limited = Object.entries(operations).map(([route, operation]) => [route, limit(operation, tools)] as const);
  return Object.fromEntries(limited);
}

/** By the names of their events. */
const GUESSED: readonly string[] = ['validate_check', 'auth'];

function limit(operation: ApiOperation, tools: LimitTools): ApiOperation {
  if (!GUESSED.includes(operation.event)) return operation;
  return {
    ...operation,
    async prepare(call) {
      const prepared = await operation.prepare(call);
      const limits = await tools.limits();
      return limits === null ? prepared : guard(call, prepared, limits, tools);
    },
  };
}

async function guard(
  { clientIp, now }: ApiCall,
  prepared: Prepared,
  { user, address, window }: AttemptLimits,
  { attempts, onLimited }: LimitTools,
): Promise<Prepared> {
  const seconds = Math.floor(now / 1000);
  const begun = seconds - (seconds % window);
  const ends = begun + window;
  const who = attempting(prepared, clientIp);
  const isOverUser = user > 0 && who.login !== '' && (await attempts.ofUser(who, begun)) >= user;
  const isOverAddress = address > 0 && clientIp !== null && (await attempts.ofAddress(clientIp, begun)) >= address;
  if (isOverUser || isOverAddress) {
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

function attempting({ user, failures }: Prepared, address: string | null): Attempting {
  const known = user?.uid === undefined ? null : { failures };
  return { login: user?.login ?? '', realm: user?.realm ?? '', known, address };
}

/** A challenge is no failure. */
function isFailure({ value, detail = {} }: Done): boolean {
  const { multi_challenge } = detail;
  return value === false && !(Array.isArray(multi_challenge) && multi_challenge.length > 0);
}

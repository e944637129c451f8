/** What a login works with, beside what every function of the front door does. */
import { randomInt } from 'node:crypto';
import type { ValidateTools } from '../auth-api/validate-operations.ts';
import { challengeStore } from '../authenticate/challenge-store.ts';
import { delivery } from '../authenticate/delivery/delivery.ts';
import { inEqualTime } from '../authenticate/equal-time.ts';
import { pauseWithJitter } from '../base/concurrency.ts';
import { tokenStore } from '../token/store.ts';
import { frontDoor } from './front-door.ts';

const made = new WeakMap<object, ValidateTools>();

/** The tools on the tables of the present environment; the same as long as that is the same. */
export function loginTools(): ValidateTools {
  const door = frontDoor();
  const tools = made.get(door) ?? makeTools(door);
  made.set(door, tools);
  return tools;
}

function makeTools({ environment, documents, runtime, settings }: ReturnType<typeof frontDoor>): ValidateTools {
  const { directory } = runtime.step.sources;
  const { box } = runtime.step.tools;
  return {
    tokens: tokenStore(documents, environment.TOKENS_TABLE),
    directory,
    box,
    challenges: challengeStore(documents, environment.DIRECTORY_TABLE),
    settings,
    deliver: delivery(environment),
    ownerOf: async ({ token }) => token.user && directory.ownerEntry(token.user),
    below: (limit) => randomInt(limit),
    timezone: environment.TIMEZONE,
    pause: pauseWithJitter,
    inEqualTime,
  };
}

/** Who changes definitions, when and why, as the command line knows it. */
import { userInfo } from 'node:os';
import { isoTime, processClock } from '../lib/clock.ts';
import type { Note } from '../lib/definition/store.ts';

/** @param how what was done, as in `apply` */
export function noteOf(how: string, by = localUser(), message = ''): Note {
  return { at: isoTime(processClock().now()), by, how, message };
}

function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // a container may run under a number without a name
  }
}

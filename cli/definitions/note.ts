/** The note of a change for the history: who made it, when and why. */
import { userInfo } from 'node:os';
import { Option } from '@commander-js/extra-typings';
import { isoTime, processClock } from '../../lib/base/clock.ts';
import type { ChangeNote } from '../../lib/definition/store.ts';
import type { StackChoice } from '../command.ts';

export const messageOption = new Option('--message <text>', 'the reason of the change, for the history');
export const byOption = new Option(
  '--by <name>',
  'the author of the change, for the history; default: the user of this machine, with --stage the caller on AWS',
);

export interface NoteChoice extends StackChoice {
  readonly message?: string | undefined;
  readonly by?: string | undefined;
}

/** Writes a note. @param how what was done, such as `apply` */
export async function noteOf(how: string, { message = '', by, stage }: NoteChoice): Promise<ChangeNote> {
  const who = by ?? (stage === undefined ? localUser() : await awsCaller());
  return { at: isoTime(processClock().now()), by: who, how, message };
}

function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // in a container, a user id may have no name
  }
}

/** Returns the ARN of the caller, which CloudTrail records too. */
async function awsCaller(): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  return Arn ?? 'unknown';
}

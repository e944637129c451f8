/** The note of a change for the history: who made it, when and why. */
import { userInfo } from 'node:os';
import { Option } from '@commander-js/extra-typings';
import { isoTime, processClock } from '../../lib/base/clock.ts';
import type { ChangeNote } from '../../lib/definition/store.ts';
import type { StackChoice } from '../command.ts';

export const messageOption = new Option('--message <text>', 'why, for the history');
export const byOption = new Option(
  '--by <name>',
  'who, for the history; default: the user of this machine, with --stage the caller on AWS',
);

export interface NoteChoice extends StackChoice {
  readonly message?: string | undefined;
  readonly by?: string | undefined;
}

/** @param how what was done, as in `apply` */
export async function noteOf(how: string, { message = '', by, stage }: NoteChoice): Promise<ChangeNote> {
  const who = by ?? (stage === undefined ? localUser() : await awsCaller());
  return { at: isoTime(processClock().now()), by: who, how, message };
}

function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // a container may run under a number without a name
  }
}

/** The ARN of the caller, as CloudTrail records it. */
async function awsCaller(): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  return Arn ?? 'unknown';
}

/** Who changes definitions, when and why, as the command line knows it. */
import { userInfo } from 'node:os';
import { isoTime, processClock } from '../../lib/base/clock.ts';
import type { Note } from '../../lib/definition/store.ts';
import { type Arguments, textOption } from '../command.ts';

export const NOTE_OPTIONS = { message: { type: 'string' }, by: { type: 'string' } } as const;

export const NOTE_HELP = `  --message TEXT  why, for the history
  --by NAME       who, for the history; default: the user of this machine, with --stage the caller on AWS`;

/** @param how what was done, as in `apply` */
export async function noteOf(how: string, { values }: Pick<Arguments, 'values'>): Promise<Note> {
  const by = textOption(values.by) ?? (values.stage === undefined ? localUser() : await awsCaller());
  return { at: isoTime(processClock().now()), by, how, message: textOption(values.message) ?? '' };
}

function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // a container may run under a number without a name
  }
}

/** The principal's name as CloudTrail has it, so that both tell the same. */
async function awsCaller(): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  return Arn ?? 'unknown';
}

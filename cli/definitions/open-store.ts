/** The definitions of the stack that a command works on. */
import { type Arguments, textOption, UsageError } from '../command.ts';
import { type StackDefinitions, stackDefinitions } from '../secrets.ts';
import { selectStack } from '../target.ts';

/** What every command on a stack takes. */
export const STACK_CHOICE = { json: { type: 'boolean' }, stage: { type: 'string' } } as const;

export const STACK_CHOICE_HELP = `  --json          the result as JSON
  --stage NAME    the stack deployed on AWS under this stage; default: the local one that "dev" or "start" runs`;

/** @throws TokenwrightError `no_stack` */
export async function openStore({ values }: Arguments): Promise<StackDefinitions> {
  return stackDefinitions(await selectStack(textOption(values.stage)));
}

/** A definition's id, as an argument. @throws UsageError where it is none */
export function readId(given: string | undefined): number {
  const id = Number(given);
  if (given !== undefined && Number.isSafeInteger(id) && id >= 1) return id;
  throw new UsageError(given === undefined ? 'takes an ID' : `takes an ID, a whole number from 1, not "${given}"`);
}

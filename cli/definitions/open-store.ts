/** The definitions of the stack that a command works on. */
import { Argument } from '@commander-js/extra-typings';
import { type StackChoice, wholeNumber } from '../command.ts';
import { type StackDefinitions, stackDefinitions } from '../secrets.ts';
import { selectStack } from '../target.ts';

export const idArgument = new Argument('<id>', "the definition's id").argParser(wholeNumber(1));

/** @throws TokenwrightError `no_stack` */
export async function openStore({ stage }: StackChoice): Promise<StackDefinitions> {
  return stackDefinitions(await selectStack(stage));
}

/** Opens the definitions of the stack that a command works on. */
import { Argument } from '@commander-js/extra-typings';
import { documentClient } from '../../lib/aws/clients.ts';
import { type DefinitionStore, definitionStore } from '../../lib/definition/store.ts';
import type { SecretBox } from '../../lib/secret/box.ts';
import { type StackChoice, wholeNumber } from '../command.ts';
import type { Tables } from '../stack/environment.ts';
import { stackBox } from '../stack/secrets.ts';
import { selectStack } from '../stack/target.ts';

export const idArgument = new Argument('<id>', "the definition's id").argParser(wholeNumber(1));

/** The definitions of a stack, with the box that seals their secrets before they are saved. */
export interface StackDefinitions extends DefinitionStore {
  readonly box: SecretBox;
  readonly tables: Tables;
}

/** Opens the definitions. @throws TokenwrightError `no_stack`, `unknown_stage` */
export async function openStore({ stage }: StackChoice): Promise<StackDefinitions> {
  const tables = await selectStack(stage);
  return { ...definitionStore(documentClient(), tables.definitions), box: stackBox(tables), tables };
}

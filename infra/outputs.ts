/** The outputs of a deployed stack, for senders, consumers and the command line. osls adds HttpApiUrl. */
import { DEAD_LETTER_QUEUES } from './dead-letters.ts';
import { arn } from './permissions.ts';

const TABLES = ['TokensTable', 'DefinitionsTable', 'DirectoryTable', 'OutcomesTable', 'SecretKeysTable'];
const BUSES = ['Bus', 'ResultsBus'];

/** Makes the outputs, by name. */
export function outputs(): Record<string, object> {
  const named = [...TABLES, ...BUSES].flatMap((id) => [
    [`${id}Name`, { Value: { Ref: id } }],
    [`${id}Arn`, { Value: arn(id) }],
  ]);
  return {
    ...Object.fromEntries(named),
    SecretsKeyArn: { Value: arn('SecretsKey') },
    DeadLetterQueueUrls: { Value: { 'Fn::Join': [' ', DEAD_LETTER_QUEUES.map((Ref) => ({ Ref }))] } },
    RedriveRoleArn: { Value: arn('RedriveRole') },
  };
}

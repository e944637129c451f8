/**
 * The bus for events and steps, and the bus for outcomes. Outcomes may hold a new PIN, so their bus has a key of its
 * own and no archive. ./bus-policies.ts says who may put which events on them.
 */
import type { StackParameters } from './parameters.ts';
import { arn } from './permissions.ts';

/** Makes the buses, by logical id. */
export function buses({ busName, resultsBusName, resultsBusKey }: StackParameters): Record<string, object> {
  const encrypted = {
    KmsKeyIdentifier: arn('ResultsKey'),
    DeadLetterConfig: { Arn: arn('OutcomeDeadLetters') },
  };
  const bus = (properties: object) => ({ Type: 'AWS::Events::EventBus', Properties: properties });
  return {
    Bus: bus({ Name: busName }),
    ResultsBus: bus({ Name: resultsBusName, ...(resultsBusKey && encrypted) }),
  };
}

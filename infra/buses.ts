/**
 * The bus that events and steps travel on, and the one for outcomes. Outcomes may hold a fresh PIN: their bus has a key
 * of its own, and no archive. Who may put what on them: ./bus-policies.ts.
 */
import type { StackParameters } from './parameters.ts';
import { arn } from './permissions.ts';

/** The buses by logical id. */
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

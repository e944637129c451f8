/**
 * Makes the dead-letter queues, one for each kind of event and not for each function: a dead letter names its function.
 * Each queue holds both forms: events that a rule could not deliver (written by EventBridge, which the policy of the
 * queue allows), and events that Lambda gave up after its retries (written under the role of the function).
 */
import { accountArn, arn, type Intrinsic, policy, type Statement } from './permissions.ts';

/** The logical ids of the queues. */
export const DEAD_LETTER_QUEUES = ['DispatchDeadLetters', 'StepDeadLetters', 'OutcomeDeadLetters'] as const;
export type DeadLetterQueue = (typeof DEAD_LETTER_QUEUES)[number];

/**
 * Tells whether dead letters of a queue may hold secrets: auth events those of their senders, which dispatch has not
 * dropped yet; outcomes a new PIN.
 */
export const holdsSecrets = (queue: DeadLetterQueue | undefined): boolean =>
  queue === 'DispatchDeadLetters' || queue === 'OutcomeDeadLetters';

const DAY_IN_SECONDS = 86_400;
const LONGEST_DAYS = 14;

/**
 * Makes the queues and their policies, by logical id.
 *
 * @param ledgerDays the age in days at which a step is refused as too old; raw auth events are kept no longer
 * @param buses the names of the buses
 */
export function deadLetters(
  stage: string,
  ledgerDays: number,
  buses: { readonly bus: string; readonly results: string },
): Record<string, object> {
  const rules = (bus: string, name: string) => accountArn('events', `rule/${bus}/tokenwright-${stage}-${name}`);
  return {
    ...queue('DispatchDeadLetters', ledgerDays, [rules(buses.bus, 'dispatch')]),
    ...queue('StepDeadLetters', LONGEST_DAYS, [rules(buses.bus, '*')]),
    ...queue('OutcomeDeadLetters', LONGEST_DAYS, [
      rules(buses.results, '*'),
      // Events that EventBridge cannot encrypt or decrypt, for example while the key of the bus is disabled.
      accountArn('events', `event-bus/${buses.results}`),
    ]),
  };
}

function queue(id: DeadLetterQueue, days: number, sources: readonly Intrinsic[]): Record<string, object> {
  const encryption = holdsSecrets(id) ? { KmsMasterKeyId: arn('StorageKey') } : { SqsManagedSseEnabled: true };
  const statement: Statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['sqs:SendMessage'],
    Resource: [arn(id)],
    Condition: { ArnLike: { 'aws:SourceArn': sources } },
  };
  return {
    [id]: {
      Type: 'AWS::SQS::Queue',
      Properties: { MessageRetentionPeriod: days * DAY_IN_SECONDS, ...encryption },
    },
    [`${id}Policy`]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: id }], PolicyDocument: policy([statement]) },
    },
  };
}

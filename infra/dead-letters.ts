/**
 * The dead-letter queues, one for each kind of event and not for each function: a letter tells which function it was
 * for. Each takes both forms: what a rule could not hand over (EventBridge writes, allowed by the queue's policy), and
 * what Lambda gave up after its retries (the function's own role writes).
 */
import { arn, type Intrinsic, policy, type Statement } from './permissions.ts';

/** The logical ids of the queues. */
export const DEAD_LETTER_QUEUES = ['DispatchDeadLetters', 'StepDeadLetters', 'OutcomeDeadLetters'] as const;
export type DeadLetterQueue = (typeof DEAD_LETTER_QUEUES)[number];

/** What may hold secrets: an auth event as its sender put it, before dispatch has dropped any; a fresh PIN. */
export const holdsSecrets = (queue: DeadLetterQueue | undefined): boolean =>
  queue === 'DispatchDeadLetters' || queue === 'OutcomeDeadLetters';

const DAY_IN_SECONDS = 86_400;
const LONGEST_DAYS = 14;

/**
 * The queues and their policies by logical id.
 *
 * @param ledgerDays after that a step is refused as too old, so raw auth events are kept no longer
 * @param buses the names of the buses
 */
export function deadLetters(
  stage: string,
  ledgerDays: number,
  buses: { readonly bus: string; readonly results: string },
): Record<string, object> {
  const rules = (bus: string, name: string) => eventsArn(`rule/${bus}/tokenwright-${stage}-${name}`);
  return {
    ...queue('DispatchDeadLetters', ledgerDays, [rules(buses.bus, 'dispatch')]),
    ...queue('StepDeadLetters', LONGEST_DAYS, [rules(buses.bus, '*')]),
    ...queue('OutcomeDeadLetters', LONGEST_DAYS, [
      rules(buses.results, '*'),
      // What EventBridge could not encrypt or decrypt, such as while the key of the bus is disabled.
      eventsArn(`event-bus/${buses.results}`),
    ]),
  };
}

const eventsArn = (resource: string): Intrinsic => ({
  'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
});

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

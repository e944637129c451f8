/**
 * Makes at most twelve alarms, each on one metric, because CloudWatch bills every metric of an alarm (docs/decisions,
 * "queues and alarms by kind"). They notify the SNS topic of the parameter `alarmTopicArn`; without it they only change
 * their state. Missing data raises no alarm, because a stage without events has none.
 */
import type { DeadLetterQueue } from './dead-letters.ts';
import type { Intrinsic } from './permissions.ts';

const FIVE_MINUTES = 300;
const EVENT_AGE_MILLISECONDS = 300_000;
const FAILED_INVOCATIONS = 2;

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string | Intrinsic }[];
}

/** Makes the alarms, by logical id. @param topic the SNS topic's ARN; empty: none */
export function alarms(stage: string, topic: string): Record<string, object> {
  const own = metricOf('Tokenwright', { service: `tokenwright-${stage}` });
  const dispatch = metricOf('AWS/Lambda', { FunctionName: `tokenwright-${stage}-dispatch` });
  const rule = (bus: string, name: string) =>
    metricOf('AWS/Events', { EventBusName: { Ref: bus }, RuleName: `tokenwright-${stage}-${name}` });
  const made: readonly [id: string, description: string, properties: object][] = [
    ['DispatchDeadLetters', `Auth events were given up: ${LOOK}`, deadLettersIn('DispatchDeadLetters')],
    ['StepDeadLetters', `Steps were given up: ${LOOK}`, deadLettersIn('StepDeadLetters')],
    ['OutcomeDeadLetters', `Outcomes were given up: ${LOOK}`, deadLettersIn('OutcomeDeadLetters')],
    [
      'AuthEventsLost',
      'Auth events could neither be delivered nor put into the dead-letter queue',
      above(0, 'Sum', rule('Bus', 'dispatch')('InvocationsFailedToBeSentToDlq')),
    ],
    [
      'OutcomesLost',
      'Outcomes could neither be delivered nor put into the dead-letter queue',
      above(0, 'Sum', rule('ResultsBus', 'record-outcomes')('InvocationsFailedToBeSentToDlq')),
    ],
    [
      'AuthEventsDropped',
      'Lambda has dropped auth events after its retries; those with a dead letter are in its queue',
      above(0, 'Sum', dispatch('AsyncEventsDropped')),
    ],
    [
      'RuleThrottled',
      "EventBridge throttles the rule of auth events: the account's quota is used up",
      above(0, 'Sum', rule('Bus', 'dispatch')('ThrottledRules'), 3),
    ],
    [
      'EventsWait',
      'Auth events wait for more than five minutes',
      above(EVENT_AGE_MILLISECONDS, 'Maximum', dispatch('AsyncEventAge')),
    ],
    [
      'InvocationsFail',
      'Functions of this stage fail repeatedly; the logs say why',
      above(FAILED_INVOCATIONS, 'Sum', own('FailedInvocations')),
    ],
    [
      'AttemptsLimited',
      'Passwords are guessed: calls are refused because a user or an address failed too often',
      above(0, 'Sum', own('AttemptsLimited')),
    ],
    [
      'HttpErrors',
      'The HTTP API fails',
      above(0, 'Sum', metricOf('AWS/ApiGateway', { ApiId: { Ref: 'HttpApi' } })('5xx'), 2),
    ],
    ['SecretsDropped', 'A sender puts passwords, PINs or keys on the bus', above(0, 'Sum', own('SecretsDropped'))],
  ];
  const actions = topic === '' ? {} : { AlarmActions: [topic], OKActions: [topic] };
  return Object.fromEntries(
    made.map(([id, AlarmDescription, properties]) => [
      `${id}Alarm`,
      { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmDescription, ...COMPARED, ...properties, ...actions } },
    ]),
  );
}

const LOOK = '"npx tokenwright dlq list" says what and why';
const COMPARED = { ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' };

function above(threshold: number, statistic: 'Sum' | 'Maximum', metric: Metric, periods = 1): object {
  return { ...metric, Statistic: statistic, Period: FIVE_MINUTES, EvaluationPeriods: periods, Threshold: threshold };
}

function deadLettersIn(queue: DeadLetterQueue): object {
  const metric = metricOf('AWS/SQS', { QueueName: { 'Fn::GetAtt': [queue, 'QueueName'] } });
  return above(0, 'Maximum', metric('ApproximateNumberOfMessagesVisible'));
}

const metricOf =
  (Namespace: string, dimensions: Readonly<Record<string, string | Intrinsic>>) =>
  (MetricName: string): Metric => ({
    Namespace,
    MetricName,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  });

/**
 * What calls people: one alarm for each thing that does not mend itself. They notify the SNS topic given by the
 * parameter `alarmTopicArn`; without one they are there to be looked at. No data is no trouble: a stage at rest is well.
 */
import type { Intrinsic } from './permissions.ts';

const FIVE_MINUTES = 300;
const STEP_AGE_MILLISECONDS = 300_000;
const ERROR_PERCENT = 5;

/** What is watched. */
export interface Watched {
  readonly topic: string;
  /** Deployed name and logical id's head of each function, and whether Lambda queues its events. */
  readonly functions: readonly { readonly name: string; readonly id: string; readonly asynchronous: boolean }[];
  /** Logical ids. */
  readonly queues: readonly string[];
  readonly tables: readonly string[];
}

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string | Intrinsic }[];
}

/** The alarms by logical id. */
export function alarms({ topic, functions, queues, tables }: Watched): Record<string, object> {
  const made: [id: string, description: string, properties: object][] = [];
  for (const queue of queues) {
    const metric = sqs('ApproximateNumberOfMessagesVisible', { 'Fn::GetAtt': [queue, 'QueueName'] });
    made.push([queue, 'Given up: "npx tokenwright dlq list" says what and why', above(0, 'Maximum', metric)]);
  }
  for (const { name, id, asynchronous } of functions) {
    made.push([`${id}Errors`, `Over ${ERROR_PERCENT}% of the invocations fail`, errorRate(name)]);
    made.push([`${id}Throttles`, 'Throttled for a quarter of an hour', above(0, 'Sum', lambda('Throttles', name), 3)]);
    if (!asynchronous) continue;
    const age = above(STEP_AGE_MILLISECONDS, 'Maximum', lambda('AsyncEventAge', name));
    made.push([`${id}Age`, 'Events wait for more than five minutes', age]);
  }
  for (const table of tables) {
    for (const kind of ['Read', 'Write']) {
      const metric = dynamodb(`${kind}ThrottleEvents`, { Ref: table });
      made.push([
        `${table}${kind}Throttles`,
        `${kind}s are throttled for a quarter of an hour`,
        above(0, 'Sum', metric, 3),
      ]);
    }
  }
  made.push(['HttpErrors', 'The HTTP API fails', above(0, 'Sum', http('5xx'), 2)]);
  made.push(['MalformedEvents', 'A sender puts what is no auth event', above(0, 'Sum', own('MalformedEvents'))]);
  made.push([
    'SecretsDropped',
    'A sender puts passwords, PINs or keys on the bus',
    above(0, 'Sum', own('SecretsDropped')),
  ]);
  made.push([
    'AttemptsLimited',
    'Passwords are guessed: calls are refused because a user or an address failed too often',
    above(0, 'Sum', own('AttemptsLimited')),
  ]);
  const actions = topic === '' ? {} : { AlarmActions: [topic], OKActions: [topic] };
  return Object.fromEntries(
    made.map(([id, AlarmDescription, properties]) => [
      `${id}Alarm`,
      { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmDescription, ...COMPARED, ...properties, ...actions } },
    ]),
  );
}

const COMPARED = { ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' };

function above(threshold: number, statistic: 'Sum' | 'Maximum', metric: Metric, periods = 1): object {
  return { ...metric, Statistic: statistic, Period: FIVE_MINUTES, EvaluationPeriods: periods, Threshold: threshold };
}

/** Three failures or more: one of two invocations at night calls nobody. */
function errorRate(name: string): object {
  const sum = (id: string, metric: string) => ({
    Id: id,
    ReturnData: false,
    MetricStat: { Metric: lambda(metric, name), Period: FIVE_MINUTES, Stat: 'Sum' },
  });
  const Expression = 'IF(errors > 2, 100 * errors / invocations, 0)';
  const Metrics = [
    { Id: 'rate', ReturnData: true, Expression },
    sum('errors', 'Errors'),
    sum('invocations', 'Invocations'),
  ];
  return { Metrics, EvaluationPeriods: 1, Threshold: ERROR_PERCENT };
}

const metricOf =
  (Namespace: string, Name: string) =>
  (MetricName: string, Value: string | Intrinsic): Metric => ({ Namespace, MetricName, Dimensions: [{ Name, Value }] });
const sqs = metricOf('AWS/SQS', 'QueueName');
const lambda = metricOf('AWS/Lambda', 'FunctionName');
const dynamodb = metricOf('AWS/DynamoDB', 'TableName');
const http = (metric: string): Metric => metricOf('AWS/ApiGateway', 'ApiId')(metric, { Ref: 'HttpApi' });
/** Of all stages in one account and region: Powertools knows the service, not the stage. */
const own = (metric: string): Metric => metricOf('Tokenwright', 'service')(metric, 'tokenwright');

/**
 * Makes one dashboard, if the parameter `dashboard` is true: it shows whether everything is done, in time, and what was
 * given up. Every metric is named for each function: a search by a part of the name would also find those of other
 * stages.
 */
import { DEAD_LETTER_QUEUES } from './dead-letters.ts';
import { fullName, type Lambda } from './lambda.ts';

const TABLES = ['TokensTable', 'DefinitionsTable', 'DirectoryTable', 'OutcomesTable'];

/** Makes the dashboard of a stage. */
export function dashboard(stage: string, lambdas: readonly Lambda[]): object {
  const ofLambda = (metric: string, stat: string, some = lambdas) =>
    some.map((lambda) => ['AWS/Lambda', metric, 'FunctionName', fullName(lambda, stage), { stat }]);
  const ofRule = (metric: string) =>
    lambdas.flatMap((lambda) =>
      'pattern' in lambda
        ? [
            [
              'AWS/Events',
              metric,
              'EventBusName',
              `\${${lambda.bus ?? 'Bus'}}`,
              'RuleName',
              fullName(lambda, stage),
              SUM,
            ],
          ]
        : [],
    );
  const ofTables = (...metrics: readonly string[]) =>
    metrics.flatMap((metric) => TABLES.map((id) => ['AWS/DynamoDB', metric, 'TableName', `\${${id}}`, SUM]));
  const own = (...metrics: readonly string[]) =>
    metrics.map((metric) => ['Tokenwright', metric, 'service', `tokenwright-${stage}`, SUM]);
  const queues = DEAD_LETTER_QUEUES.map((id) => [
    ...['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', `\${${id}.QueueName}`],
    { stat: 'Maximum' },
  ]);
  const asynchronous = lambdas.filter((lambda) => 'pattern' in lambda);
  const widgets = [
    ['Steps', own('StepDone', 'StepSkipped', 'StepFailed')],
    ['Auth events', own('AuthEvents', 'PreEvents', 'MalformedEvents', 'SecretsDropped')],
    ['Dead letters', queues],
    ['Neither delivered nor in a queue', ofRule('InvocationsFailedToBeSentToDlq')],
    ['Failed invocations', ofLambda('Errors', 'Sum')],
    ['Throttled invocations', ofLambda('Throttles', 'Sum')],
    ['How long events wait, in milliseconds', ofLambda('AsyncEventAge', 'Maximum', asynchronous)],
    ['Duration, p99, in milliseconds', ofLambda('Duration', 'p99')],
    ['Consumed units', ofTables('ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits')],
    ['Throttled by DynamoDB', ofTables('ReadThrottleEvents', 'WriteThrottleEvents')],
  ].map(([title, metrics], i) => ({
    type: 'metric',
    ...{ x: (i % 2) * 12, y: Math.floor(i / 2) * 6, width: 12, height: 6 },
    properties: { title, metrics, region: '${AWS::Region}', period: 300, view: 'timeSeries' },
  }));
  const DashboardBody = { 'Fn::Sub': JSON.stringify({ widgets }) };
  return { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardName: `tokenwright-${stage}`, DashboardBody } };
}

const SUM = { stat: 'Sum' };

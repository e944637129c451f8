/** One screen: is everything done, in time, and what was given up. Metrics are searched, so a new function is on it. */

/** The dashboard of a stage. */
export function dashboard(stage: string): object {
  const name = `tokenwright-${stage}`;
  const lambda = (metric: string, statistic: string) =>
    search('AWS/Lambda,FunctionName', `${name}-`, metric, statistic);
  const sqs = search('AWS/SQS,QueueName', `${name}-`, 'ApproximateNumberOfMessagesVisible', 'Maximum');
  const tables = (metric: string) => search('AWS/DynamoDB,TableName', `${name}-`, metric, 'Sum');
  const steps = ['StepDone', 'StepSkipped', 'StepFailed'].map((metric) => own(metric));
  const widgets = [
    ['Steps', steps],
    ['Auth events', ['AuthEvents', 'PreEvents', 'MalformedEvents', 'SecretsDropped'].map((metric) => own(metric))],
    ['Dead letters', [sqs]],
    ['Failed invocations', [lambda('Errors', 'Sum')]],
    ['Throttled invocations', [lambda('Throttles', 'Sum')]],
    ['How long events wait, in milliseconds', [lambda('AsyncEventAge', 'Maximum')]],
    ['Duration, p99, in milliseconds', [lambda('Duration', 'p99')]],
    ['Consumed write units', [tables('ConsumedWriteCapacityUnits')]],
    ['Consumed read units', [tables('ConsumedReadCapacityUnits')]],
    ['Throttled by DynamoDB', [tables('ReadThrottleEvents'), tables('WriteThrottleEvents')]],
  ].map(([title, metrics], i) => ({
    type: 'metric',
    ...{ x: (i % 2) * 12, y: Math.floor(i / 2) * 6, width: 12, height: 6 },
    properties: { title, metrics, region: '${AWS::Region}', period: 300, view: 'timeSeries' },
  }));
  const DashboardBody = { 'Fn::Sub': JSON.stringify({ widgets }) };
  return { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardName: name, DashboardBody } };
}

function search(schema: string, prefix: string, metric: string, statistic: string): object[] {
  return [{ expression: `SEARCH('{${schema}} "${prefix}" MetricName="${metric}"', '${statistic}', 300)` }];
}

function own(metric: string): unknown[] {
  return ['Tokenwright', metric, 'service', 'tokenwright', { stat: 'Sum' }];
}

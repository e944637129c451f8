/**
 * One function as every function here is deployed: a role of its own with the permissions it asks for and nothing
 * more, and, where it is called asynchronously, a dead-letter queue of its own. That queue takes both kinds of dead
 * letters: what the rule could not hand over (EventBridge writes, allowed by the queue's policy) and what Lambda gave
 * up after its retries (the function's own role writes).
 */
import { allow, arn, type Intrinsic, policy, type Statement } from './permissions.ts';

/** What is particular to a function. It is called by a rule with `pattern`, on `bus` or the bus of events, or by HTTP `routes`. */
export type Lambda = {
  /** Kebab case; its file is called the same. */
  readonly name: string;
  readonly handler: string;
  readonly description: string;
  readonly permissions: readonly Statement[];
  readonly environment: Readonly<Record<string, Intrinsic | string>>;
  /** The logical id of the key that its dead letters are encrypted with, where they may hold secrets; else SQS's own. */
  readonly deadLettersKey?: string;
} & (
  | { readonly pattern: object; readonly bus?: string; readonly inputTransformer?: object }
  | { readonly routes: readonly object[] }
);

/** `custom.delivery` of serverless.yml. */
export interface Delivery {
  readonly ruleMaximumEventAgeSeconds: number;
  readonly ruleMaximumRetryAttempts: number;
  readonly lambdaMaximumEventAgeSeconds: number;
  readonly lambdaMaximumRetryAttempts: number;
}

const FOURTEEN_DAYS_IN_SECONDS = 14 * 86400;

/** `set validity` -> `set-validity`. */
export const kebab = (name: string): string => name.replaceAll(' ', '-');

/** `set-validity` -> `SetValidity`: the head of its logical ids. */
export const pascal = (name: string): string =>
  name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The function's deployed name. */
export const fullName = (lambda: Pick<Lambda, 'name'>, stage: string): string => `tokenwright-${stage}-${lambda.name}`;
/** The logical id of the function's role. */
export const roleId = (lambda: Pick<Lambda, 'name'>): string => `${pascal(lambda.name)}Role`;
/** The logical id of its dead-letter queue. */
export const queueId = (lambda: Pick<Lambda, 'name'>): string => `${pascal(lambda.name)}DeadLetters`;
const own = (service: string, rest: string): Intrinsic => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`,
});

/** The function's block in serverless.yml. */
export function functionBlock(lambda: Lambda, stage: string, delivery: Delivery) {
  return {
    name: fullName(lambda, stage),
    description: lambda.description,
    handler: lambda.handler,
    role: arn(roleId(lambda)),
    environment: lambda.environment,
    ...('pattern' in lambda
      ? calledByRule(lambda, stage, delivery)
      : { events: lambda.routes.map((httpApi) => ({ httpApi })) }),
  };
}

function calledByRule(
  lambda: Lambda & { pattern: object; bus?: string; inputTransformer?: object },
  stage: string,
  delivery: Delivery,
) {
  const deadLetters = arn(queueId(lambda));
  const rule = {
    name: fullName(lambda, stage),
    eventBus: { Ref: lambda.bus ?? 'Bus' },
    pattern: lambda.pattern,
    ...(lambda.inputTransformer && { inputTransformer: lambda.inputTransformer }),
    retryPolicy: {
      maximumEventAge: delivery.ruleMaximumEventAgeSeconds,
      maximumRetryAttempts: delivery.ruleMaximumRetryAttempts,
    },
    deadLetterQueueArn: deadLetters,
  };
  return {
    maximumEventAge: delivery.lambdaMaximumEventAgeSeconds,
    maximumRetryAttempts: delivery.lambdaMaximumRetryAttempts,
    destinations: { onFailure: { type: 'sqs', arn: deadLetters } },
    events: [{ eventBridge: rule }],
  };
}

/** What CloudFormation needs beside the function: its role, and behind a rule its queue with the queue's policy. */
export function functionResources(lambda: Lambda, stage: string): Record<string, object> {
  const queue = queueId(lambda);
  return {
    [roleId(lambda)]: role(lambda, stage),
    ...('pattern' in lambda && {
      [queue]: deadLetterQueue(lambda, stage),
      [`${queue}Policy`]: openToRule(lambda, stage),
    }),
  };
}

function role(lambda: Lambda, stage: string) {
  const logs = own('logs', `log-group:/aws/lambda/${fullName(lambda, stage)}:*`);
  const statements = [
    allow('logs', ['CreateLogStream', 'PutLogEvents'], [logs]),
    ...('pattern' in lambda ? [allow('sqs', ['SendMessage'], [arn(queueId(lambda))])] : []),
    ...(lambda.deadLettersKey ? [allow('kms', ['GenerateDataKey', 'Decrypt'], [arn(lambda.deadLettersKey)])] : []),
    ...lambda.permissions,
  ];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: policy([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: ['sts:AssumeRole'] },
      ]),
      Policies: [{ PolicyName: fullName(lambda, stage), PolicyDocument: policy(statements) }],
    },
  };
}

function deadLetterQueue(lambda: Lambda, stage: string) {
  return {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: `${fullName(lambda, stage)}-dead-letters`,
      MessageRetentionPeriod: FOURTEEN_DAYS_IN_SECONDS,
      ...(lambda.deadLettersKey ? { KmsMasterKeyId: arn(lambda.deadLettersKey) } : { SqsManagedSseEnabled: true }),
    },
  };
}

/** Lets EventBridge put there what this function's rule, and no other, could not hand over. */
function openToRule(lambda: Lambda, stage: string) {
  const bus = 'pattern' in lambda ? (lambda.bus ?? 'Bus') : 'Bus';
  const rule = own('events', `rule/\${${bus}}/${fullName(lambda, stage)}`);
  const statement: Statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['sqs:SendMessage'],
    Resource: [arn(queueId(lambda))],
    Condition: { ArnEquals: { 'aws:SourceArn': rule } },
  };
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: queueId(lambda) }], PolicyDocument: policy([statement]) },
  };
}

/**
 * Describes one function as it is deployed: with a role that has exactly the permissions of the description, and, where
 * it is called asynchronously, with the dead-letter queue of its kind (./dead-letters.ts).
 */
import { type DeadLetterQueue, holdsSecrets } from './dead-letters.ts';
import type { StackParameters } from './parameters.ts';
import { accountArn, allow, arn, type Intrinsic, policy, type Statement, uses } from './permissions.ts';

/** Describes a function. A rule with `pattern` calls it, on `bus` or the bus of events, or HTTP `routes` do. */
export type Lambda = {
  /** In kebab case, as its file. */
  readonly name: string;
  readonly handler: string;
  readonly description: string;
  readonly permissions: readonly Statement[];
  readonly environment: Readonly<Record<string, Intrinsic | string>>;
  /** Whether it puts auth events on the bus, as the functions of the front door do. */
  readonly raisesAuthEvents?: boolean;
  /** The queue of its dead letters, if a rule calls it; default: the queue of steps. */
  readonly deadLetters?: DeadLetterQueue;
} & (
  | { readonly pattern: object; readonly bus?: string; readonly inputTransformer?: object }
  | { readonly routes: readonly object[] }
);

/** `custom.delivery` of serverless.yml. */
export interface DeliverySettings {
  readonly ruleMaximumEventAgeSeconds: number;
  readonly ruleMaximumRetryAttempts: number;
  readonly lambdaMaximumEventAgeSeconds: number;
  readonly lambdaMaximumRetryAttempts: number;
}

/** Makes the name of an action's function: `set validity` -> `set-validity`. */
export const kebab = (name: string): string => name.replaceAll(' ', '-');

/** Makes the beginning of a function's logical ids: `set-validity` -> `SetValidity`. */
const pascal = (name: string): string => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Returns the function's deployed name. */
export const fullName = (lambda: Pick<Lambda, 'name'>, stage: string): string => `tokenwright-${stage}-${lambda.name}`;
/** Returns the logical id of the function's role. */
export const roleId = (lambda: Pick<Lambda, 'name'>): string => `${pascal(lambda.name)}Role`;
/**
 * Makes the name of a role. It contains the region, because IAM has none: two regions may have stages of the same name.
 */
export const roleName = (name: string, stage: string): Intrinsic => ({
  'Fn::Sub': `tokenwright-${stage}-${name}-\${AWS::Region}`,
});
/** Builds the ARN of a role from its name, for policies on which the role itself depends. */
export const roleArn = (name: string, stage: string): Intrinsic => ({
  'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/tokenwright-${stage}-${name}-\${AWS::Region}`,
});
/** Returns the logical id of the dead-letter queue; functions whose callers wait for the answer have none. */
const queueId = (lambda: Lambda): DeadLetterQueue | undefined =>
  'pattern' in lambda ? (lambda.deadLetters ?? 'StepDeadLetters') : undefined;

/** Makes the block of the function in serverless.yml. */
export function functionBlock(
  lambda: Lambda,
  stage: string,
  delivery: DeliverySettings,
  { dispatchConcurrency, actionConcurrency }: StackParameters,
) {
  const concurrency = lambda.name === 'dispatch' ? dispatchConcurrency : actionConcurrency;
  return {
    name: fullName(lambda, stage),
    description: lambda.description,
    handler: lambda.handler,
    role: arn(roleId(lambda)),
    environment: lambda.environment,
    ...('pattern' in lambda && concurrency !== undefined && { reservedConcurrency: concurrency }),
    ...('pattern' in lambda
      ? calledByRule(lambda, stage, delivery)
      : { events: lambda.routes.map((httpApi) => ({ httpApi })) }),
  };
}

/** Makes the part of the block that only functions have which a rule calls: the rule, retries and dead letters. */
function calledByRule(
  lambda: Lambda & { pattern: object; bus?: string; inputTransformer?: object },
  stage: string,
  delivery: DeliverySettings,
) {
  const deadLetters = arn(queueId(lambda) ?? '');
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

/** Makes the role of the function, by logical id. */
export function functionRole(
  lambda: Lambda,
  stage: string,
  { tracing, permissionsBoundaryArn }: Pick<StackParameters, 'tracing' | 'permissionsBoundaryArn'>,
): Record<string, object> {
  const logs = accountArn('logs', `log-group:/aws/lambda/${fullName(lambda, stage)}:*`);
  const queue = queueId(lambda);
  const statements = [
    allow('logs', ['CreateLogStream', 'PutLogEvents'], [logs]),
    ...(queue ? [allow('sqs', ['SendMessage'], [arn(queue)])] : []),
    ...(writesSecretDeadLetters(lambda) ? [allow('kms', ['GenerateDataKey', 'Decrypt'], [arn('StorageKey')])] : []),
    ...(tracing ? [TRACE] : []),
    ...lambda.permissions,
  ];
  return {
    [roleId(lambda)]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: roleName(lambda.name, stage),
        AssumeRolePolicyDocument: policy([
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: ['sts:AssumeRole'] },
        ]),
        Policies: [{ PolicyName: fullName(lambda, stage), PolicyDocument: policy(statements) }],
        ...boundary(permissionsBoundaryArn),
      },
    },
  };
}

/** Tells whether a function writes dead letters into a queue that may hold secrets: through Lambda, or itself. */
export const writesSecretDeadLetters = (lambda: Lambda): boolean =>
  holdsSecrets(queueId(lambda)) || uses(lambda.permissions, 'DispatchDeadLetters');

/** X-Ray has no resources to which these calls could be limited. */
const TRACE: Statement = {
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*',
};

/** Makes the property of a role that sets its permissions boundary, if there is one. */
export const boundary = (arn: string): { readonly PermissionsBoundary?: string } =>
  arn === '' ? {} : { PermissionsBoundary: arn };

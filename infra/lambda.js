/**
 * One function as every function here is deployed: a role of its own with the permissions it asks for and nothing
 * more, and, where it is called asynchronously, a dead-letter queue of its own. That queue takes both kinds of dead
 * letters: what the rule could not hand over (EventBridge writes, allowed by the queue's policy) and what Lambda gave
 * up after its retries (the function's own role writes).
 */
import { allow } from './permissions.js';

/** `set validity` -> `set-validity`: the function's name and its file. */
export const kebab = (name) => name.replaceAll(' ', '-');

/** `set-validity` -> `SetValidity`: the head of its logical ids. */
const pascal = (name) => name.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());

const fullName = (lambda, stage) => `tokenwright-${stage}-${lambda.name}`;
const roleId = (lambda) => `${pascal(lambda.name)}Role`;
const queueId = (lambda) => `${pascal(lambda.name)}DeadLetters`;
const arn = (logicalId) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** The function's block in serverless.yml. */
export function block(lambda, stage, delivery) {
  return {
    name: fullName(lambda, stage),
    description: lambda.description,
    handler: lambda.handler,
    role: arn(roleId(lambda)),
    environment: lambda.environment,
    ...(lambda.pattern ? byRule(lambda, stage, delivery) : { events: [{ httpApi: lambda.route }] }),
  };
}

function byRule(lambda, stage, delivery) {
  const deadLetters = arn(queueId(lambda));
  return {
    maximumEventAge: delivery.lambdaMaximumEventAgeSeconds,
    maximumRetryAttempts: delivery.lambdaMaximumRetryAttempts,
    destinations: { onFailure: { type: 'sqs', arn: deadLetters } },
    events: [
      {
        eventBridge: {
          name: fullName(lambda, stage),
          eventBus: { Ref: 'Bus' },
          pattern: lambda.pattern,
          retryPolicy: {
            maximumEventAge: delivery.ruleMaximumEventAgeSeconds,
            maximumRetryAttempts: delivery.ruleMaximumRetryAttempts,
          },
          deadLetterQueueArn: deadLetters,
        },
      },
    ],
  };
}

/** Role, and for a function behind a rule also queue and queue policy, by logical id. */
export function resources(lambda, stage) {
  return { [roleId(lambda)]: role(lambda, stage), ...(lambda.pattern ? deadLetters(lambda, stage) : {}) };
}

function role(lambda, stage) {
  const logs = `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${fullName(lambda, stage)}`;
  const statements = [
    allow('logs', ['CreateLogStream', 'PutLogEvents'], [{ 'Fn::Sub': `${logs}:*` }]),
    ...(lambda.pattern ? [allow('sqs', ['SendMessage'], [arn(queueId(lambda))])] : []),
    ...lambda.permissions,
  ];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: policy([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]),
      Policies: [{ PolicyName: fullName(lambda, stage), PolicyDocument: policy(statements) }],
    },
  };
}

function deadLetters(lambda, stage) {
  const rule = `rule/\${Bus}/${fullName(lambda, stage)}`;
  return {
    [queueId(lambda)]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: `${fullName(lambda, stage)}-dead-letters`,
        MessageRetentionPeriod: 14 * 86400,
        SqsManagedSseEnabled: true,
      },
    },
    [`${queueId(lambda)}Policy`]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: queueId(lambda) }],
        PolicyDocument: policy([
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: arn(queueId(lambda)),
            Condition: {
              ArnEquals: {
                'aws:SourceArn': {
                  'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:${rule}`,
                },
              },
            },
          },
        ]),
      },
    },
  };
}

const policy = (statements) => ({ Version: '2012-10-17', Statement: statements });

/**
 * The role that redrives dead letters: `npx tokenwright dlq --stage ...` puts steps and outcomes back on the buses,
 * which refuse them from everybody but the functions of the stack and this role. It can read new PINs in dead letters,
 * so only those whom the parameter `redriverArns` names may assume it: nobody by default.
 */
import { DEAD_LETTER_QUEUES } from './dead-letters.ts';
import { boundary, roleName } from './lambda.ts';
import type { StackParameters } from './parameters.ts';
import { allow, arn, policy, type Statement } from './permissions.ts';

/** Makes the role of a stage. */
export function redriveRole(stage: string, { redriverArns, permissionsBoundaryArn }: StackParameters): object {
  const statements = [
    // The command line finds queues and buses by the stack's outputs.
    allow('cloudformation', ['DescribeStacks'], [{ Ref: 'AWS::StackId' }]),
    allow('sqs', ['ReceiveMessage', 'ChangeMessageVisibility', 'DeleteMessage'], DEAD_LETTER_QUEUES.map(arn)),
    allow('kms', ['Decrypt'], [arn('StorageKey')]),
    allow('events', ['PutEvents'], [arn('Bus'), arn('ResultsBus')]),
  ];
  const Action = ['sts:AssumeRole'];
  const trust: Statement =
    redriverArns.length > 0
      ? { Effect: 'Allow', Principal: { AWS: redriverArns }, Action }
      : { Effect: 'Deny', Principal: '*', Action };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: roleName('redrive', stage),
      Description: 'Redrives the dead letters of Tokenwright',
      AssumeRolePolicyDocument: policy([trust]),
      Policies: [{ PolicyName: `tokenwright-${stage}-redrive`, PolicyDocument: policy(statements) }],
      ...boundary(permissionsBoundaryArn),
    },
  };
}

/**
 * The role of whoever redrives dead letters: `npx tokenwright dlq --stage ...` puts steps and outcomes back, which the
 * buses refuse from everybody but our functions and this role. It may be taken by whom the account's own policies allow
 * to (`sts:AssumeRole` on it), so who operates the stack is decided where the account decides such things.
 */
import { allow, arn, type Intrinsic, policy } from './permissions.ts';

const ROOT: Intrinsic = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' };
const ANY_QUEUE: Intrinsic = { 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*' };

/** @param queues the logical ids of the dead-letter queues */
export function redriveRole(queues: readonly string[], stage: string): object {
  const statements = [
    allow('sqs', ['ListQueues'], [ANY_QUEUE]),
    allow('sqs', ['ReceiveMessage', 'ChangeMessageVisibility', 'DeleteMessage'], queues.map(arn)),
    allow('kms', ['Decrypt'], [arn('OutcomeLettersKey')]),
    allow('events', ['PutEvents'], [arn('Bus'), arn('ResultsBus')]),
  ];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: 'Redrives the dead letters of Tokenwright',
      AssumeRolePolicyDocument: policy([{ Effect: 'Allow', Principal: { AWS: ROOT }, Action: ['sts:AssumeRole'] }]),
      Policies: [{ PolicyName: `tokenwright-${stage}-redrive`, PolicyDocument: policy(statements) }],
    },
  };
}

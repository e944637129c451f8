/**
 * The KMS keys. In a key policy the resource "*" means the key itself. The account administers every key and uses none:
 * a key policy names each role that uses the key, and the policy of that role must allow the call as well. Keys are
 * retained when the stack is deleted, because the data that they encrypted is.
 */
import { accountArn, type Intrinsic, policy, type Statement } from './permissions.ts';

/** The users of the keys, as ARNs. */
export interface KeyUsers {
  /** The roles that derive generated secrets. */
  readonly deriving: readonly Intrinsic[];
  /** The roles that encrypt and decrypt secrets. */
  readonly sealing: readonly Intrinsic[];
  /** People who do so with the command line: they import tokens, verify passwords, rotate data keys. */
  readonly administrators: readonly string[];
  /** The roles that write or read dead letters which may hold secrets. */
  readonly deadLetters: readonly Intrinsic[];
  readonly resultsBusName: string;
  /** Whether the results bus has a key of its own. */
  readonly resultsBusKey: boolean;
}

const ACCOUNT: Intrinsic = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' };
const OWN_ACCOUNT = { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } };
const EVENTBRIDGE = { Service: 'events.amazonaws.com' };
const DATA_KEYS = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** All calls except those that use the key. Without an administrator a key policy could never be corrected. */
const ADMINISTRATION = [
  ...['Describe*', 'Get*', 'List*', 'Put*', 'Update*', 'Enable*', 'Disable*', 'RevokeGrant', 'TagResource'],
  ...['UntagResource', 'CreateAlias', 'DeleteAlias', 'RotateKeyOnDemand', 'ScheduleKeyDeletion', 'CancelKeyDeletion'],
].map((call) => `kms:${call}`);

/** Makes the keys, by logical id. */
export function keys(stage: string, users: KeyUsers): Record<string, object> {
  const made = (description: string, statements: readonly Statement[], more: object = { EnableKeyRotation: true }) => ({
    Type: 'AWS::KMS::Key',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Description: `Tokenwright ${stage}, ${description}`,
      ...more,
      KeyPolicy: policy([
        { Sid: 'AdministrationOnly', Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: ADMINISTRATION, ...ALL },
        ...statements,
      ]),
    },
  });
  return {
    ...(users.resultsBusKey && { ResultsKey: made('outcomes on the results bus', onBus(users.resultsBusName)) }),
    // Encrypts the tables, and dead letters that may hold secrets. It is not the key of the results bus, because dead
    // letters must be written while that key is disabled. Who may call a table may use the key, through DynamoDB only.
    StorageKey: made('tables, and dead letters that may hold secrets', [
      {
        Sid: 'ThroughDynamoDBOnly',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['Encrypt', 'Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'CreateGrant', 'DescribeKey'].map(
          (call) => `kms:${call}`,
        ),
        ...ALL,
        Condition: {
          StringEquals: { 'kms:CallerAccount': { Ref: 'AWS::AccountId' }, 'kms:ViaService': via('dynamodb') },
        },
      },
      {
        ...usedBy('LettersByRoles', users.deadLetters, DATA_KEYS),
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': users.deadLetters },
          StringEquals: { 'kms:ViaService': via('sqs') },
        },
      },
      byEventBridge('LettersByEventBridge', DATA_KEYS),
    ]),
    // PINs and OTP keys are derived from this key (HMAC over the step), so that a redelivery announces the same secret.
    // It cannot rotate: another key would derive another PIN.
    DerivationKey: made(
      'derivation of generated secrets',
      [usedBy('Derivation', users.deriving, ['kms:GenerateMac'])],
      { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
    ),
    // Encrypts the data keys, which encrypt OTP keys and secret options. What was encrypted before the yearly rotation
    // of KMS stays readable; "tokenwright secrets rotate" makes a new data key.
    SecretsKey: made('secrets at rest', [
      usedBy('DataKeysByFunctions', users.sealing, DATA_KEYS),
      ...(users.administrators.length > 0
        ? [
            {
              Sid: 'DataKeysByAdministrators',
              Effect: 'Allow' as const,
              Principal: { AWS: users.administrators },
              Action: DATA_KEYS,
              ...ALL,
            },
          ]
        : []),
    ]),
  };
}

const ALL = { Resource: '*' } as const;

/**
 * Allows roles to use a key. It names the account, with a condition: a role named as principal would have to exist
 * before.
 */
function usedBy(Sid: string, roles: readonly Intrinsic[], Action: readonly string[]): Statement {
  const Condition = { ArnEquals: { 'aws:PrincipalArn': roles } };
  return { Sid, Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action, ...ALL, Condition };
}

function byEventBridge(Sid: string, Action: readonly string[], more: Record<string, Intrinsic> = {}): Statement {
  const Condition = { StringEquals: { ...OWN_ACCOUNT, ...more } };
  return { Sid, Effect: 'Allow', Principal: EVENTBRIDGE, Action, ...ALL, Condition };
}

/** Allows EventBridge to encrypt the events of a bus: this bus alone, by its encryption context. */
function onBus(name: string): Statement[] {
  return [
    byEventBridge('EventBridgeReadsTheKey', ['kms:DescribeKey']),
    byEventBridge('EventBridgeEncryptsTheBus', DATA_KEYS, {
      'kms:EncryptionContext:aws:events:event-bus:arn': accountArn('events', `event-bus/${name}`),
    }),
  ];
}

const via = (service: string): Intrinsic => ({ 'Fn::Sub': `${service}.\${AWS::Region}.amazonaws.com` });

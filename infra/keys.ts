/**
 * The KMS keys. In a key policy the resource "*" means the key itself. The account administers every key and uses none:
 * whoever uses one is named in its policy, by role, and that role's own policy has to allow the call as well. Keys
 * outlive the stack, because what they encrypted does.
 */
import { type Intrinsic, policy, type Statement } from './permissions.ts';

/** Who uses the keys, as ARNs. */
export interface KeyUsers {
  /** The roles that derive generated secrets. */
  readonly deriving: readonly Intrinsic[];
  /** The roles that keep and open secrets. */
  readonly sealing: readonly Intrinsic[];
  /** People that do so with the command line: they import tokens, verify passwords, rotate data keys. */
  readonly administrators: readonly string[];
  /** The roles that put dead letters which may hold secrets, or read them. */
  readonly letters: readonly Intrinsic[];
  readonly resultsBusName: string;
  /** Whether the results bus has a key of its own. */
  readonly resultsBusKey: boolean;
}

const ACCOUNT: Intrinsic = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' };
const OWN_ACCOUNT = { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } };
const EVENTBRIDGE = { Service: 'events.amazonaws.com' };
const DATA_KEYS = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** Everything but use: a key that nobody can administer could not be mended. */
const ADMINISTRATION = [
  ...['Describe*', 'Get*', 'List*', 'Put*', 'Update*', 'Enable*', 'Disable*', 'RevokeGrant', 'TagResource'],
  ...['UntagResource', 'CreateAlias', 'DeleteAlias', 'RotateKeyOnDemand', 'ScheduleKeyDeletion', 'CancelKeyDeletion'],
].map((call) => `kms:${call}`);

/** The keys by logical id. */
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
    // The tables, and the dead letters that may hold secrets: these have to find a key also while that of the results
    // bus is disabled. Whoever may call a table may use the key, through DynamoDB only.
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
        ...usedBy('LettersByRoles', users.letters, DATA_KEYS),
        Condition: { ArnEquals: { 'aws:PrincipalArn': users.letters }, StringEquals: { 'kms:ViaService': via('sqs') } },
      },
      byEventBridge('LettersByEventBridge', DATA_KEYS),
    ]),
    // PINs and keys are derived from this one (HMAC over the step), so that a redelivery announces the same. It cannot
    // rotate: a MAC under another key is another PIN.
    DerivationKey: made(
      'derivation of generated secrets',
      [usedBy('Derivation', users.deriving, ['kms:GenerateMac'])],
      { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
    ),
    // Wraps the data keys under which OTP keys and definitions' secrets are sealed. KMS's yearly rotation keeps what
    // older material wrapped readable; "tokenwright secrets rotate" makes the next data key.
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

/** The account's principal with a condition, and not the role itself: IAM would then have to know it beforehand. */
function usedBy(Sid: string, roles: readonly Intrinsic[], Action: readonly string[]): Statement {
  const Condition = { ArnEquals: { 'aws:PrincipalArn': roles } };
  return { Sid, Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action, ...ALL, Condition };
}

function byEventBridge(Sid: string, Action: readonly string[], more: Record<string, Intrinsic> = {}): Statement {
  const Condition = { StringEquals: { ...OWN_ACCOUNT, ...more } };
  return { Sid, Effect: 'Allow', Principal: EVENTBRIDGE, Action, ...ALL, Condition };
}

function onBus(name: string): Statement[] {
  const context = {
    'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/${name}`,
  };
  return [
    byEventBridge('EventBridgeReadsTheKey', ['kms:DescribeKey']),
    byEventBridge('EventBridgeEncryptsTheBus', DATA_KEYS, {
      'kms:EncryptionContext:aws:events:event-bus:arn': context,
    }),
  ];
}

const via = (service: string): Intrinsic => ({ 'Fn::Sub': `${service}.\${AWS::Region}.amazonaws.com` });

/**
 * The statements of IAM policies. Each names its calls and resources: test/packaging checks on the packaged template
 * that none is a wildcard alone.
 */

/** A value that CloudFormation fills in: `{ Ref }`, `{ 'Fn::GetAtt' }`, `{ 'Fn::Sub' }`. */
export type Intrinsic =
  | { Ref: string }
  | { 'Fn::GetAtt': [logicalId: string, attribute: string] }
  | { 'Fn::Sub': string };

type OperatorValue = Intrinsic | string | readonly (Intrinsic | string)[];

/** By operator, then by condition key: `{ StringEquals: { 'aws:SourceAccount': '...' } }`. */
export type StatementConditions = Readonly<Record<string, Readonly<Record<string, OperatorValue>>>>;

/** One statement of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | { readonly Service: string } | { readonly AWS: Intrinsic | string | readonly string[] };
  readonly Action: readonly string[];
  readonly Resource?: '*' | readonly Intrinsic[];
  readonly Condition?: StatementConditions;
}

/** Allows `calls` of `service` on `resources`: `allow('dynamodb', ['GetItem'], [arn('TokensTable')])`. */
export function allow(service: string, calls: readonly string[], resources: readonly Intrinsic[]): Statement {
  return { Effect: 'Allow', Action: calls.map((call) => `${service}:${call}`), Resource: resources };
}

/** Limits a statement to items whose partition key begins with `prefix`. */
export function onKeys(prefix: string, statement: Statement): Statement {
  // ForAllValues is also true for a call without such keys, so Null requires that there is one.
  const Condition = {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}*`] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
  return { ...statement, Condition };
}

/** Returns the ARN of the resource with that logical id. */
export const arn = (logicalId: string): Intrinsic => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** Builds an ARN of this account and region: `accountArn('events', 'rule/BUS/NAME')`. */
export const accountArn = (service: string, resource: string): Intrinsic => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
});

/** Returns the ARN of one index of a table. A query on it needs no permission for the table itself. */
export const indexArn = (table: string, index: string): Intrinsic => ({ 'Fn::Sub': `\${${table}.Arn}/index/${index}` });

/** Makes a policy document of those statements. */
export const policy = (statements: readonly Statement[]) => ({ Version: '2012-10-17', Statement: statements });

/** Tells whether one of the statements is about the resource with that logical id. */
export const uses = (statements: readonly Statement[], id: string): boolean =>
  statements.some(({ Resource }) => JSON.stringify(Resource) === JSON.stringify([arn(id)]));

/**
 * The permissions of a function that encrypts or decrypts secrets: to use the KMS key and the data keys that it encrypts. The
 * function that first needs a data key creates it.
 */
export const sealSecrets: readonly Statement[] = [
  allow('kms', ['GenerateDataKey', 'Decrypt'], [arn('SecretsKey')]),
  allow('dynamodb', ['GetItem', 'Query', 'PutItem'], [arn('SecretKeysTable')]),
];

/** The variables of such a function. */
export const secretsKey = { SECRETS_KEY_ID: { Ref: 'SecretsKey' }, SECRET_KEYS_TABLE: { Ref: 'SecretKeysTable' } };

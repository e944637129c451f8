/**
 * The statements of a function's role. Every one names its calls and its resources: no wildcard alone, which
 * test/packaging checks on the packaged template.
 */

/** What CloudFormation fills in: `{ Ref }`, `{ 'Fn::GetAtt' }`, `{ 'Fn::Sub' }`. */
export type Intrinsic =
  | { Ref: string }
  | { 'Fn::GetAtt': [logicalId: string, attribute: string] }
  | { 'Fn::Sub': string };

/** One statement of a policy. */
export interface Statement {
  readonly Effect: 'Allow';
  readonly Principal?: { readonly Service: string };
  readonly Action: readonly string[];
  readonly Resource?: readonly Intrinsic[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Intrinsic>>>>;
}

/** Allows `calls` of `service` on `resources`: `allow('dynamodb', ['GetItem'], [arn('TokensTable')])`. */
export function allow(service: string, calls: readonly string[], resources: readonly Intrinsic[]): Statement {
  return { Effect: 'Allow', Action: calls.map((call) => `${service}:${call}`), Resource: resources };
}

/** The ARN of the resource with that logical id. */
export const arn = (logicalId: string): Intrinsic => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** The ARN of one index of a table: a query there needs no right on the table itself. */
export const indexArn = (table: string, index: string): Intrinsic => ({ 'Fn::Sub': `\${${table}.Arn}/index/${index}` });

/** A policy document of those statements. */
export const policy = (statements: readonly Statement[]) => ({ Version: '2012-10-17', Statement: statements });

/**
 * The statements of a function's role. Every one names its calls and its resources: no wildcard alone, which
 * test/packaging checks on the packaged template.
 */

/** Allows `calls` of `service` on `resources`: `allow('dynamodb', ['GetItem'], [table('TokensTable')])`. */
export function allow(service, calls, resources) {
  return { Effect: 'Allow', Action: calls.map((call) => `${service}:${call}`), Resource: resources };
}

/** The ARN of the table with that logical id. */
export const table = (logicalId) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** The ARN of one index of a table: a query there needs no right on the table itself. */
export const indexOf = (logicalId, index) => ({ 'Fn::Sub': `\${${logicalId}.Arn}/index/${index}` });

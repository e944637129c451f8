/**
 * Proves that the role of each function allows every call that the function makes, and no other: all functions run here
 * on the local stack, and each recorded call is decided by the packaged role as IAM would.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRONT_DOOR_CALLS, HTTP_CALLS } from './http-calls.ts';
import { type Packaged, packageService } from './packaged.ts';
import { lambdasOf } from './packaged-lambda.ts';
import { NOW, runEverything } from './permissions-runs.ts';
import { kebab, NAMES, SCENARIO } from './permissions-scenario.ts';
import { decide, PolicyStatement } from './policy-evaluation.ts';
import { type RecordedFunctions, recordFunctions, requireExpected } from './recorded-functions.ts';

/** The functions that are not those of one action. */
const OTHERS = [
  'bulk',
  'dispatch',
  'pre',
  'record-outcomes',
  ...Object.keys(HTTP_CALLS),
  ...Object.keys(FRONT_DOOR_CALLS),
];

let packaged: Packaged;
let functions: RecordedFunctions;

beforeAll(async () => {
  packaged = await packageService();
  functions = await recordFunctions(packaged.template, SCENARIO, NOW);
  await runEverything(functions);
}, 240_000);

afterAll(async () => {
  await functions?.stop();
  await packaged?.remove();
});

/** The key of dead letters that may hold secrets: Lambda and SQS use it where they are written. */
const LETTERS_KEY = 'StorageKey.Arn';

/** The functions that send dead letters themselves. */
const SENDING_LETTERS = ['dispatch', ...Object.keys(FRONT_DOOR_CALLS)];

/** The role's statements except those for logs and dead letters, which Lambda itself writes with it. */
function statementsOf(name: string): PolicyStatement[] {
  const { statements = [] } = lambdasOf(packaged.template).get(`tokenwright-dev-${name}`) ?? {};
  return statements
    .map((statement) => PolicyStatement.parse(statement))
    .filter(({ Action, Resource }) => {
      const ofLambda =
        (Action.includes('sqs:SendMessage') && !SENDING_LETTERS.includes(name)) ||
        Resource.every((one) => one === LETTERS_KEY);
      return !ofLambda && !Action.some((action) => action.startsWith('logs:')) && Resource.length > 0;
    });
}

/** Splits the role's statements into single permissions: one action on one resource each. */
function permissionsOf(name: string): PolicyStatement[] {
  return statementsOf(name).flatMap((statement) =>
    statement.Action.flatMap((action) =>
      statement.Resource.map((resource) => ({ ...statement, Action: [action], Resource: [resource] })),
    ),
  );
}

describe.each([...OTHERS, ...NAMES.map(kebab)])('the role of %s', (name) => {
  it('allows every call that the function makes', () => {
    const refused = functions.callsOf(name).filter((call) => decide(call, statementsOf(name), []) !== 'allowed');
    expect([...new Set(refused.map(({ action, resource }) => `${action} ${resource}`))]).toEqual([]);
  });

  it('allows no call that the function never makes', () => {
    const unused = permissionsOf(name).filter(
      (one) => !functions.callsOf(name).some((call) => decide(call, [one], []) === 'allowed'),
    );
    expect(unused.map(({ Action, Resource }) => `${Action} ${Resource}`)).toEqual([]);
  });
});

describe('these checks', () => {
  it('see a write outside of what planning may write', () => {
    const call = {
      action: 'dynamodb:PutItem',
      resource: 'DirectoryTable.Arn',
      context: { 'dynamodb:LeadingKeys': ['login#realm1#cornelius'] },
    };
    expect(decide(call, statementsOf('dispatch'), [])).toBe('not allowed');
    const resolution = { ...call, context: { 'dynamodb:LeadingKeys': ['resolution#abc'] } };
    expect(decide(resolution, statementsOf('dispatch'), [])).toBe('allowed');
    expect(decide({ ...call, context: {} }, statementsOf('dispatch'), [])).toBe('not allowed');
  });

  it.each([
    [{ statusCode: 401, body: '' }, { status: 200 }],
    [{ statusCode: 200, body: '' }, { status: 401 }],
    [
      { statusCode: 200, body: '{"result":{"value":false}}' },
      { status: 200, value: true },
    ],
  ])('see the answer %j where %j is expected, which would hide the calls that were meant', (answer, expected) => {
    expect(() => requireExpected('validate', answer, expected)).toThrow('validate should answer');
  });
});

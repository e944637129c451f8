/** Checks the result of `npm run package` as AWS would when it is deployed. */
import { compilePattern } from '@tokenwright/event-pattern';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { actions } from '../../lib/action/catalogue.ts';
import {
  ActionEnvironment,
  BulkEnvironment,
  DefinitionsEnvironment,
  DispatchEnvironment,
  ExplainEnvironment,
  FrontDoorEnvironment,
  GeneratingEnvironment,
  RecordingEnvironment,
  SealingEnvironment,
  TokensEnvironment,
} from '../../lib/lambda/environment.ts';
import { specificationProblems } from './cloudformation-spec.ts';
import { type Packaged, packageService } from './packaged.ts';
import { lambdasOf, type PackagedLambda } from './packaged-lambda.ts';
import { resourcesOf, type Template, type TemplateResource } from './template.ts';
import { wildcardsAlone } from './wildcards.ts';

const BUDGET_BYTES = 400_000;
const BUDGET_WITH_KMS_BYTES = 700_000;
/** Functions that need all actions; the function of an action needs only its own. */
const BUDGET_OF_ALL_ACTIONS_BYTES = 500_000;
const ACTION_NAMES = actions.map(({ name }) => name);
const ACTING_NAMES = ['dispatch', 'pre', 'bulk', ...ACTION_NAMES.map((name) => name.replaceAll(' ', '-'))];
/** The functions of the HTTP API and the one that stores outcomes, each with the tables that it reads. */
const TELLING = {
  definitions: DefinitionsEnvironment,
  catalogue: z.object({}),
  explain: ExplainEnvironment,
  tokens: TokensEnvironment,
  'record-outcomes': RecordingEnvironment,
} as const;
/** The functions of privacyIDEA's API, which decrypt OTP keys and run `pre` definitions. */
const FRONT_DOOR = ['administration', 'validate'];
const FUNCTION_NAMES = [...ACTING_NAMES, ...FRONT_DOOR, ...Object.keys(TELLING)];

let packaged: Packaged;
let template: Template;
let lambdas: Map<string, PackagedLambda>;

beforeAll(async () => {
  packaged = await packageService();
  template = packaged.template;
  lambdas = lambdasOf(template);
});
afterAll(() => packaged?.remove());

function lambda(name: string): PackagedLambda {
  const found = lambdas.get(`tokenwright-dev-${name}`);
  if (found === undefined) throw new Error(`no function for ${name}, but for ${[...lambdas.keys()].join(', ')}`);
  return found;
}

/** Tells whether the function may decrypt data keys. Permissions for the dead letters that Lambda writes do not count. */
function mayOpen(name: string): boolean {
  const onSecrets = lambda(name).statements.filter(({ Resource }) => JSON.stringify(Resource).includes('SecretsKey'));
  return JSON.stringify(onSecrets).includes('kms:Decrypt');
}

describe('the template', () => {
  it('fits the CloudFormation specification', () => {
    expect(specificationProblems(template)).toEqual([]);
  });

  it('has dispatch, pre, bulk, those of the HTTP API and of the front door, one function for each action of the catalogue, and no other', () => {
    expect([...lambdas.keys()].sort()).toEqual(FUNCTION_NAMES.map((name) => `tokenwright-dev-${name}`).sort());
  });

  it('has no other roles than those of the functions and the one that redrives', () => {
    const roles = [...resourcesOf(template, 'AWS::IAM::Role').keys()];
    const named = [...lambdas.values()].map(({ roleId }) => roleId);
    expect(roles.sort()).toEqual(['RedriveRole', ...named].sort());
  });

  it('has two buses, of the names that senders and consumers know', () => {
    const names = [...resourcesOf(template, 'AWS::Events::EventBus').values()].map((bus) => bus.Properties?.Name);
    expect(names.sort()).toEqual(['tokenwright-dev', 'tokenwright-results-dev']);
  });

  it('encrypts every queue, those that may hold secrets with our own key, and keeps raw auth events for four days', () => {
    const queues = [...resourcesOf(template, 'AWS::SQS::Queue')];
    const described = queues.map(([id, { Properties }]) => [
      id,
      Properties?.SqsManagedSseEnabled ?? Properties?.KmsMasterKeyId,
      Number(Properties?.MessageRetentionPeriod) / 86_400,
    ]);
    const key = { 'Fn::GetAtt': ['StorageKey', 'Arn'] };
    expect(described).toEqual([
      ['DispatchDeadLetters', key, 4],
      ['StepDeadLetters', true, 14],
      ['OutcomeDeadLetters', key, 14],
    ]);
  });

  it('lets only the roles that need it write and read dead letters that may hold secrets', () => {
    const calls = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'] };
    const key = [{ 'Fn::GetAtt': ['StorageKey', 'Arn'] }];
    const writers = FUNCTION_NAMES.filter((name) => 'DEAD_LETTER_QUEUE_URL' in lambda(name).environment);
    writers.push('record-outcomes');
    for (const name of FUNCTION_NAMES) {
      const may = lambda(name).statements.some(
        (statement) => JSON.stringify(statement) === JSON.stringify({ ...calls, Resource: key }),
      );
      expect([name, may]).toEqual([name, writers.includes(name)]);
    }
    expect(JSON.stringify(template.Resources.RedriveRole?.Properties)).toContain(
      JSON.stringify({ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: key }),
    );
    const { Condition } = keyStatement('StorageKey', 'LettersByRoles');
    expect(rolesIn(Condition)).toEqual([...writers, 'redrive'].sort());
    expect(JSON.stringify(Condition)).toContain('sqs.${AWS::Region}.amazonaws.com');
    expect(keyStatement('StorageKey', 'LettersByEventBridge')).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
  });
});

const KeyPolicy = z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string() })) });

function keyStatement(key: string, sid: string): Record<string, unknown> {
  const { Statement } = KeyPolicy.parse(template.Resources[key]?.Properties?.KeyPolicy);
  return Statement.find(({ Sid }) => Sid === sid) ?? {};
}

/** Returns the names of our roles in a condition. */
function rolesIn(condition: unknown): string[] {
  return [...JSON.stringify(condition).matchAll(/role\/tokenwright-dev-([a-z-]+?)-\$\{AWS::Region\}/g)]
    .map(([, name = '']) => name)
    .sort();
}

describe('what keeps data', () => {
  /** Tables that need no backup: stored outcomes are a copy, and the progress of a bulk run is not needed after its end. */
  const PASSING = ['OutcomesTable', 'BulkRunsTable'];
  const tables = () => [...resourcesOf(template, 'AWS::DynamoDB::Table')].filter(([id]) => !PASSING.includes(id));

  it('is encrypted with the own key of the tables, restorable to any second, protected from deletion', () => {
    expect(tables().length).toBeGreaterThan(2);
    for (const [, { Properties }] of tables()) {
      expect(Properties).toMatchObject({
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: { 'Fn::GetAtt': ['StorageKey', 'Arn'] } },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      });
    }
  });

  it('is left by a stack that is removed, taken away with one that could not be made, and has no name to be in the way', () => {
    const kept = [...tables(), ...resourcesOf(template, 'AWS::KMS::Key')];
    expect(kept.length).toBeGreaterThan(6);
    for (const [id, resource] of kept) {
      expect([id, resource]).toMatchObject([
        id,
        { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' },
      ]);
      expect(resource.Properties).not.toHaveProperty('TableName');
    }
  });

  it('has a key that is used through DynamoDB only, and one that EventBridge alone uses, for this bus alone', () => {
    expect(keyStatement('StorageKey', 'ThroughDynamoDBOnly')).toMatchObject({
      Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Sub': 'dynamodb.${AWS::Region}.amazonaws.com' } } },
    });
    const { Statement } = KeyPolicy.parse(template.Resources.ResultsKey?.Properties?.KeyPolicy);
    const service = { Service: 'events.amazonaws.com' };
    expect(Statement.slice(1).map(({ Principal }) => Principal)).toEqual([service, service]);
    expect(JSON.stringify(Statement[2])).toContain(':event-bus/tokenwright-results-dev');
    expect(template.Resources.ResultsBus?.Properties?.KmsKeyIdentifier).toEqual({
      'Fn::GetAtt': ['ResultsKey', 'Arn'],
    });
  });
});

describe('the account', () => {
  const Policy = z.object({
    Statement: z.array(
      z.looseObject({ Principal: z.unknown(), Action: z.array(z.string()), Condition: z.optional(z.unknown()) }),
    ),
  });
  const USES = ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'GenerateDataKey', 'GenerateMac', 'VerifyMac', 'CreateGrant'];
  const keys = () => [...resourcesOf(template, 'AWS::KMS::Key').keys()];

  /** What a policy of the account can allow anybody to do with the key: a condition names who. */
  function opened(id: string, from = template): string[] {
    const { Statement } = Policy.parse(from.Resources[id]?.Properties?.KeyPolicy);
    const patterns = Statement.filter(
      ({ Principal, Condition }) => Condition === undefined && JSON.stringify(Principal).includes(':root'),
    ).flatMap(({ Action }) => Action);
    const isAllowed = (use: string) =>
      patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(`kms:${use}`));
    expect([id, ['PutKeyPolicy', 'ScheduleKeyDeletion', 'DescribeKey'].every(isAllowed)]).toEqual([id, true]);
    return USES.filter(isAllowed);
  }

  it('administers every key, but uses none', () => {
    expect(keys().sort()).toEqual(['DerivationKey', 'ResultsKey', 'SecretsKey', 'StorageKey']);
    expect(keys().filter((id) => opened(id).length > 0)).toEqual([]);
  });

  it('is seen where it uses one', () => {
    const copy = structuredClone(template);
    const policy = z
      .looseObject({ Statement: z.array(z.unknown()) })
      .parse(copy.Resources.DerivationKey?.Properties?.KeyPolicy);
    policy.Statement[0] = { Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::1:root' } }, Action: ['kms:*'] };
    Object.assign(copy.Resources.DerivationKey?.Properties ?? {}, { KeyPolicy: policy });
    expect(opened('DerivationKey', copy)).toContain('GenerateMac');
  });

  it('lets only the roles that need it derive and decrypt secrets, and others only if a parameter names them', () => {
    const holding = (variable: string) => FUNCTION_NAMES.filter((name) => variable in lambda(name).environment).sort();
    expect(rolesIn(keyStatement('DerivationKey', 'Derivation'))).toEqual(holding('DERIVATION_KEY_ID'));
    expect(keyStatement('DerivationKey', 'Derivation').Action).toEqual(['kms:GenerateMac']);
    expect(rolesIn(keyStatement('SecretsKey', 'DataKeysByFunctions'))).toEqual(holding('SECRETS_KEY_ID'));
    expect(keyStatement('SecretsKey', 'DataKeysByAdministrators')).toEqual({});
  });

  it('lets nobody assume the role that redrives, unless a parameter names them', () => {
    expect(template.Resources.RedriveRole?.Properties?.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Effect: 'Deny', Principal: '*' }],
    });
  });
});

describe('what lets somebody call a function', () => {
  it("is a signature on every route of the HTTP API but the front door's, which checks keys and tokens itself", () => {
    const routes = [...resourcesOf(template, 'AWS::ApiGatewayV2::Route').values()];
    const unsigned = routes.filter(({ Properties }) => Properties?.AuthorizationType !== 'AWS_IAM');
    const paths = unsigned.map(({ Properties }) => String(Properties?.RouteKey));
    expect(routes.length).toBeGreaterThan(unsigned.length);
    expect(paths.filter((path) => !/^ANY (\/k\/\{key\})?\/(auth|token|validate)(\/|$)/.test(path))).toEqual([]);
  });

  it('is the one rule or the one API that calls it, and nothing else of that service', () => {
    const permissions = [...resourcesOf(template, 'AWS::Lambda::Permission')];
    expect(permissions.length).toBe(lambdas.size);
    const open = permissions.filter(([, { Properties }]) => {
      const source = JSON.stringify(Properties?.SourceArn ?? '');
      return !/"rule",\{"Ref":"(Results)?Bus"\},"tokenwright-dev-|"Ref":"HttpApi"/.test(source);
    });
    expect(open).toEqual([]);
  });
});

describe('what is watched', () => {
  const all = () => [...resourcesOf(template, 'AWS::CloudWatch::Alarm')];
  const alarmed = () => JSON.stringify(all());

  it('is at most twelve metrics, one an alarm: each is billed', () => {
    expect(all().length).toBeLessThanOrEqual(12);
    expect(all().filter(([, { Properties }]) => Properties?.Metrics !== undefined)).toEqual([]);
  });

  it('watch every queue, and what could not be put into one', () => {
    for (const queue of resourcesOf(template, 'AWS::SQS::Queue').keys())
      expect(alarmed()).toContain(`["${queue}","QueueName"]`);
    for (const metric of ['InvocationsFailedToBeSentToDlq', 'AsyncEventsDropped', 'ThrottledRules', 'AsyncEventAge'])
      expect(alarmed()).toContain(`"MetricName":"${metric}"`);
  });

  it('is on a dashboard only where that is wanted', () => {
    expect(template.Resources.Dashboard).toBeUndefined();
  });

  it('notifies nobody unless a parameter names a topic', () => {
    expect(alarmed()).not.toContain('AlarmActions');
  });
});

describe.each(FUNCTION_NAMES)('function %s', (name) => {
  it('runs on nodejs24.x on arm64', () => {
    expect(lambda(name).properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  });

  it('has a role that no other function has, whose actions and resources are never "*" alone', () => {
    const { roleId, statements } = lambda(name);
    expect([...lambdas.values()].filter((other) => other.roleId === roleId)).toHaveLength(1);
    expect(statements.length).toBeGreaterThan(name === 'catalogue' ? 0 : 1);
    expect(wildcardsAlone(statements)).toEqual([]);
  });

  it('has a log group of its own that keeps logs for a limited time', () => {
    expect(lambda(name).logGroup?.RetentionInDays).toBe(90);
  });

  it('has the environment that its code reads', () => {
    const { environment, may } = lambda(name);
    const generating = mayOpen(name) ? SealingEnvironment : GeneratingEnvironment;
    const acting = may('kms:GenerateMac') ? generating : ActionEnvironment;
    const telling = Object.entries(TELLING).find(([known]) => known === name)?.[1];
    const own = {
      dispatch: DispatchEnvironment,
      bulk: BulkEnvironment,
      administration: FrontDoorEnvironment,
      validate: FrontDoorEnvironment,
    }[name];
    const schema = telling ?? own ?? acting;
    expect(schema.safeParse(environment).error?.issues ?? []).toEqual([]);
    expect(environment).toMatchObject({
      TIMEZONE: 'UTC',
      LEDGER_DAYS: '4',
      POWERTOOLS_SERVICE_NAME: 'tokenwright-dev',
    });
  });

  it('has the derivation key, the right to it and the KMS client, or none of the three', async () => {
    const { environment, may } = lambda(name);
    const generates = ['pre', 'set-random-pin', 'enroll', ...FRONT_DOOR].includes(name);
    const code = (await main(name)).toString('utf8');
    const has = {
      key: 'DERIVATION_KEY_ID' in environment,
      right: may('kms:GenerateMac'),
      client: code.includes('TrentService'),
    };
    expect(has).toEqual({ key: generates, right: generates, client: generates || mayOpen(name) });
  });

  it('has the secrets key, the rights to it and to the data keys, or none of them', () => {
    const { environment, statements, may } = lambda(name);
    const seals = ['pre', 'enroll', 'definitions', ...FRONT_DOOR].includes(name);
    const onDataKeys = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('SecretKeysTable'));
    expect({ key: 'SECRETS_KEY_ID' in environment, table: 'SECRET_KEYS_TABLE' in environment }).toEqual({
      key: seals,
      table: seals,
    });
    expect({ unwraps: mayOpen(name), reads: onDataKeys.length > 0 }).toEqual({ unwraps: seals, reads: seals });
    expect(may('kms:Encrypt')).toBe(false);
  });

  it('stays within the budget of its bundle, and loads the regular expressions only where they are used', async () => {
    const { may } = lambda(name);
    const small = name === 'explain' ? BUDGET_OF_ALL_ACTIONS_BYTES : BUDGET_BYTES;
    const budget = may('kms:GenerateMac') || mayOpen(name) ? BUDGET_WITH_KMS_BYTES : small;
    const code = await main(name);
    expect(code.length).toBeGreaterThan(100_000);
    expect(code.length).toBeLessThanOrEqual(budget);
    const decides = !['tokens', 'record-outcomes', 'catalogue', 'bulk'].includes(name);
    expect(code.includes('import("./re2js.lazy.js")')).toBe(decides);
    const folder = lambda(name).handler.split('/').slice(0, -1).join('/');
    expect((await packaged.files(`tokenwright-dev-${name}`)).has(`${folder}/re2js.lazy.js`)).toBe(decides);
  });
});

describe.each(['dispatch', 'bulk', ...ACTION_NAMES, 'record-outcomes'])('what calls %s', (name) => {
  const called = () => lambda(name.replaceAll(' ', '-'));
  const bus = name === 'record-outcomes' ? 'ResultsBus' : 'Bus';

  it('is exactly one rule, on the bus of events and steps or that of outcomes, with the retries of custom.delivery', () => {
    expect(called().rules).toHaveLength(1);
    const [rule] = called().rules;
    expect(rule?.bus).toEqual({ Ref: bus });
    expect(rule?.target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });
    expect(called().invocation).toMatchObject({ MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 2 });
  });

  it('hands over the event; to dispatch with its arrival, which no sender can set', () => {
    const template = '{"event": <aws.events.event.json>, "arrived": <aws.events.event.ingestion-time>}';
    const expected = name === 'dispatch' ? { InputTemplate: template } : undefined;
    expect(called().rules[0]?.target.InputTransformer).toEqual(expected);
  });

  it('puts what it could not deliver, and what Lambda gave up, on the one queue of its kind', () => {
    const { rules, invocation, queueId } = called();
    const kinds: Record<string, string> = { dispatch: 'DispatchDeadLetters', 'record-outcomes': 'OutcomeDeadLetters' };
    expect(queueId).toBe(kinds[name] ?? 'StepDeadLetters');
    expect(rules[0]?.target.DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [queueId, 'Arn'] } });
    expect(invocation?.DestinationConfig).toEqual({ OnFailure: { Destination: { 'Fn::GetAtt': [queueId, 'Arn'] } } });
  });

  it('is allowed to: the queue is open to that rule, the role may send to the queue, the rule may invoke', () => {
    const { queueId, queuePolicy, rules, statements, permissions } = called();
    const busName = bus === 'Bus' ? 'tokenwright-dev' : 'tokenwright-results-dev';
    const [statement] = queuePolicy ?? [];
    expect(queuePolicy).toHaveLength(1);
    expect(statement).toMatchObject({ Principal: { Service: 'events.amazonaws.com' }, Action: ['sqs:SendMessage'] });
    const { Condition } = z
      .looseObject({
        Condition: z.object({ ArnLike: z.object({ 'aws:SourceArn': z.array(z.record(z.string(), z.string())) }) }),
      })
      .parse(statement);
    const sources = Condition.ArnLike['aws:SourceArn'].map((one) => String(one['Fn::Sub']).split(':').at(-1));
    const own = `rule/${busName}/${rules[0]?.name}`;
    expect(sources.filter((source = '') => new RegExp(`^${source.replaceAll('*', '.*')}$`).test(own))).toHaveLength(1);
    const queue = { 'Fn::GetAtt': [queueId, 'Arn'] };
    expect(statements).toContainEqual({ Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [queue] });
    expect(permissions).toContainEqual(expect.objectContaining({ Principal: 'events.amazonaws.com' }));
  });
});

describe('the patterns of the rules', () => {
  const authEvent = { source: 'privacyidea', 'detail-type': 'validate_check', detail: { action: 'enable' } };
  const step = (action: string) => ({ source: 'tokenwright', 'detail-type': 'token.action', detail: { action } });
  const reachedBy = (event: object, on = 'Bus') =>
    [...lambdas.values()]
      .filter(({ rules }) => rules.some(({ bus, pattern }) => refOf(bus) === on && compilePattern(pattern)(event)))
      .map((reached) => reached.name);

  it.each(ACTION_NAMES)('hand a step "%s" to its own function alone', (name) => {
    expect(reachedBy(step(name))).toEqual([`tokenwright-dev-${name.replaceAll(' ', '-')}`]);
  });

  it('deliver every auth event only to dispatch', () => {
    expect(reachedBy(authEvent)).toEqual(['tokenwright-dev-dispatch']);
  });

  it('hand the steps of a bulk run to its own function alone, and a page to its action', () => {
    expect(reachedBy({ source: 'tokenwright', 'detail-type': 'token.bulk', detail: { run: {} } })).toEqual([
      'tokenwright-dev-bulk',
    ]);
    expect(reachedBy({ ...step('delete'), detail: { action: 'delete', serials: ['A'] } })).toEqual([
      'tokenwright-dev-delete',
    ]);
    expect(reachedBy({ source: 'other', 'detail-type': 'token.bulk', detail: { run: {} } })).toEqual([
      'tokenwright-dev-dispatch',
    ]);
    expect(reachedBy({ source: 'tokenwright', 'detail-type': 'token.action.bulk', detail: {} })).toEqual([]);
  });

  it('hand no one a step that no action does, and no outcome', () => {
    expect(reachedBy(step('explode'))).toEqual([]);
    expect(reachedBy({ ...step('enable'), 'detail-type': 'token.action.done' })).toEqual([]);
  });

  it.each(['done', 'skipped', 'failed'])('hand an outcome %s on the results bus to who keeps outcomes', (status) => {
    const outcome = { ...step('enable'), 'detail-type': `token.action.${status}` };
    expect(reachedBy(outcome, 'ResultsBus')).toEqual(['tokenwright-dev-record-outcomes']);
  });
});

describe('these checks, on a template broken on purpose', () => {
  const broken = (change: (resources: Record<string, TemplateResource>) => void): Template => {
    const copy = structuredClone(template);
    change(copy.Resources);
    return copy;
  };

  it('see a role that may do everything', () => {
    const copy = broken((resources) => {
      const PolicyDocument = { Statement: [{ Effect: 'Allow', Action: ['*'], Resource: '*' }] };
      Object.assign(resources.DeleteRole?.Properties ?? {}, { Policies: [{ PolicyDocument }] });
    });
    expect(wildcardsAlone(lambdasOf(copy).get('tokenwright-dev-delete')?.statements ?? [])).toEqual([
      'Action *',
      'Resource *',
    ]);
  });

  it('see a second rule of the same function', () => {
    const copy = broken((resources) => {
      const rule = resources.Tokenwrightdevdeleterule1EventBridgeRule;
      if (rule) resources.Second = structuredClone(rule);
    });
    expect(lambdasOf(copy).get('tokenwright-dev-delete')?.rules).toHaveLength(2);
  });
});

function refOf(bus: unknown): unknown {
  return bus !== null && typeof bus === 'object' && 'Ref' in bus ? bus.Ref : undefined;
}

/** The code that is loaded when the function starts. */
async function main(name: string): Promise<Buffer> {
  const files = await packaged.files(`tokenwright-dev-${name}`);
  const code = files.get(lambda(name).handler.replace(/\.handler$/, '.js'));
  if (code === undefined) throw new Error(`the package of ${name} has no module for its handler`);
  return code;
}

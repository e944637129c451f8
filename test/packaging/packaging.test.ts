/** What `npm run package` makes, looked at as AWS would: nobody here can deploy, so this is the nearest thing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compilePattern } from '../../infra/local/event-pattern/compile.ts';
import { actions } from '../../lib/action/catalogue.ts';
import {
  ActionEnvironment,
  BulkEnvironment,
  DefinitionsEnvironment,
  DispatchEnvironment,
  ExplainEnvironment,
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
/** Explaining takes every action, where an action's own function takes one. */
const BUDGET_OF_ALL_ACTIONS_BYTES = 500_000;
const ACTION_NAMES = actions.map(({ name }) => name);
const ACTING_NAMES = ['dispatch', 'pre', 'bulk', ...ACTION_NAMES.map((name) => name.replaceAll(' ', '-'))];
/** What reads and tells: the HTTP API, and what keeps outcomes for it; each with what its code reads. */
const TELLING = {
  definitions: DefinitionsEnvironment,
  catalogue: z.object({}),
  explain: ExplainEnvironment,
  tokens: TokensEnvironment,
  'record-outcomes': RecordingEnvironment,
} as const;
const FUNCTION_NAMES = [...ACTING_NAMES, ...Object.keys(TELLING)];

let packaged: Packaged;
let template: Template;
let lambdas: Map<string, PackagedLambda>;

beforeAll(async () => {
  packaged = await packageService();
  template = packaged.template;
  lambdas = lambdasOf(template);
}, 120_000);
afterAll(() => packaged?.remove());

function lambda(name: string): PackagedLambda {
  const found = lambdas.get(`tokenwright-dev-${name}`);
  if (found === undefined) throw new Error(`no function for ${name}, but for ${[...lambdas.keys()].join(', ')}`);
  return found;
}

/** Whether the function may unwrap the data keys, beside what Lambda does for it where it writes dead letters. */
function mayOpen(name: string): boolean {
  const onSecrets = lambda(name).statements.filter(({ Resource }) => JSON.stringify(Resource).includes('SecretsKey'));
  return JSON.stringify(onSecrets).includes('kms:Decrypt');
}

describe('the template', () => {
  it('fits the CloudFormation specification', () => {
    expect(specificationProblems(template)).toEqual([]);
  });

  it('has dispatch, pre, bulk, those of the HTTP API, one function for each action of the catalogue, and no other', () => {
    expect([...lambdas.keys()].sort()).toEqual(FUNCTION_NAMES.map((name) => `tokenwright-dev-${name}`).sort());
  });

  it('has no role beside those of the functions and of who redrives', () => {
    const roles = [...resourcesOf(template, 'AWS::IAM::Role').keys()];
    const named = [...lambdas.values()].map(({ roleId }) => roleId);
    expect(roles.sort()).toEqual(['RedriveRole', ...named].sort());
  });

  it('has two buses, of the names that senders and consumers know', () => {
    const names = [...resourcesOf(template, 'AWS::Events::EventBus').values()].map((bus) => bus.Properties?.Name);
    expect(names.sort()).toEqual(['tokenwright', 'tokenwright-results']);
  });

  it('encrypts every queue, those that may hold outcomes with a key of their own', () => {
    const queues = [...resourcesOf(template, 'AWS::SQS::Queue')];
    const ownKey = queues.filter(([, { Properties }]) => Properties?.SqsManagedSseEnabled !== true);
    expect(ownKey.map(([id, { Properties }]) => [id, Properties?.KmsMasterKeyId])).toEqual([
      ['RecordOutcomesDeadLetters', { 'Fn::GetAtt': ['OutcomeLettersKey', 'Arn'] }],
      ['ResultsBusDeadLetters', { 'Fn::GetAtt': ['OutcomeLettersKey', 'Arn'] }],
    ]);
  });

  it('lets put letters there, and read them, whoever has to', () => {
    const calls = { Action: ['kms:GenerateDataKey', 'kms:Decrypt'] };
    const key = [{ 'Fn::GetAtt': ['OutcomeLettersKey', 'Arn'] }];
    expect(template.Resources.OutcomeLettersKey?.Properties).toMatchObject({
      KeyPolicy: {
        Statement: [
          { Sid: 'Administration' },
          {
            ...calls,
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
    expect(lambda('record-outcomes').statements).toContainEqual({ Effect: 'Allow', ...calls, Resource: key });
    expect(JSON.stringify(template.Resources.RedriveRole?.Properties)).toContain(
      JSON.stringify({ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: key }),
    );
  });
});

describe('what keeps data', () => {
  /** The outcomes of the last days are a copy; how far a bulk run has come is nothing once it is through. */
  const PASSING = ['OutcomesTable', 'BulkRunsTable'];
  const tables = () => [...resourcesOf(template, 'AWS::DynamoDB::Table')].filter(([id]) => !PASSING.includes(id));

  it('is encrypted with the own key of the tables, restorable to any second, protected from deletion', () => {
    expect(tables().length).toBeGreaterThan(2);
    for (const [, { Properties }] of tables()) {
      expect(Properties).toMatchObject({
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: { 'Fn::GetAtt': ['TablesKey', 'Arn'] } },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      });
    }
  });

  it('has a key that is used through DynamoDB only, and one that EventBridge alone uses, for this bus alone', () => {
    const statements = (id: string) =>
      z
        .looseObject({ KeyPolicy: z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string() })) }) })
        .parse(template.Resources[id]?.Properties)
        .KeyPolicy.Statement.filter(({ Sid }) => Sid !== 'AdministrationOnly');
    expect(statements('TablesKey')).toMatchObject([
      { Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Sub': 'dynamodb.${AWS::Region}.amazonaws.com' } } } },
    ]);
    const service = { Service: 'events.amazonaws.com' };
    expect(statements('ResultsKey').map(({ Principal }) => Principal)).toEqual([service, service]);
    expect(JSON.stringify(statements('ResultsKey')[1])).toContain(':event-bus/tokenwright-results');
    expect(template.Resources.ResultsBus?.Properties?.KmsKeyIdentifier).toEqual({
      'Fn::GetAtt': ['ResultsKey', 'Arn'],
    });
  });
});

describe('the account', () => {
  const KeyPolicy = z.object({
    Statement: z.array(z.looseObject({ Principal: z.unknown(), Action: z.union([z.string(), z.array(z.string())]) })),
  });
  const USES = ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'GenerateDataKey', 'GenerateMac', 'CreateGrant'];

  /** What a policy of the account can allow somebody to do with the key. */
  function opened(id: string): string[] {
    const { Statement } = KeyPolicy.parse(template.Resources[id]?.Properties?.KeyPolicy);
    const patterns = Statement.filter(({ Principal }) => JSON.stringify(Principal).includes(':root')).flatMap(
      ({ Action }) => [Action].flat(),
    );
    const isAllowed = (use: string) =>
      patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(`kms:${use}`));
    expect([id, ['PutKeyPolicy', 'ScheduleKeyDeletion', 'DescribeKey'].every(isAllowed)]).toEqual([id, true]);
    return USES.filter(isAllowed);
  }

  it('administers every key, and uses none of those that AWS services alone use', () => {
    const keys = [...resourcesOf(template, 'AWS::KMS::Key').keys()];
    expect(keys.filter((id) => opened(id).length === 0).sort()).toEqual(['ResultsKey', 'TablesKey']);
    expect(keys.filter((id) => opened(id).length > 0).sort()).toEqual([
      'DerivationKey',
      'OutcomeLettersKey',
      'SecretsKey',
    ]);
  });
});

describe('what lets somebody call a function', () => {
  it('is a signature on every route of the HTTP API', () => {
    const routes = [...resourcesOf(template, 'AWS::ApiGatewayV2::Route').values()];
    expect(routes.length).toBe(14);
    expect(routes.filter(({ Properties }) => Properties?.AuthorizationType !== 'AWS_IAM')).toEqual([]);
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
  const alarmed = () => JSON.stringify([...resourcesOf(template, 'AWS::CloudWatch::Alarm').values()]);

  it('is every queue, every function, every table', () => {
    for (const queue of resourcesOf(template, 'AWS::SQS::Queue').keys())
      expect(alarmed()).toContain(`["${queue}","QueueName"]`);
    for (const table of resourcesOf(template, 'AWS::DynamoDB::Table').keys())
      expect(alarmed()).toContain(`{"Ref":"${table}"}`);
    for (const { name, rules } of lambdas.values()) {
      for (const metric of ['Errors', 'Throttles', ...(rules.length > 0 ? ['AsyncEventAge'] : [])]) {
        expect(alarmed()).toContain(
          `"MetricName":"${metric}","Dimensions":[{"Name":"FunctionName","Value":"${name}"}]`,
        );
      }
    }
  });

  it('is on a dashboard whose body is JSON', () => {
    const body = template.Resources.Dashboard?.Properties?.DashboardBody;
    expect(JSON.parse(z.object({ 'Fn::Sub': z.string() }).parse(body)['Fn::Sub']).widgets.length).toBeGreaterThan(5);
  });

  it('notifies nobody unless told whom', () => {
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
    const own = { dispatch: DispatchEnvironment, bulk: BulkEnvironment }[name];
    const schema = telling ?? own ?? acting;
    expect(schema.safeParse(environment).error?.issues ?? []).toEqual([]);
    expect(environment).toMatchObject({ TIMEZONE: 'UTC', LEDGER_DAYS: '4', POWERTOOLS_SERVICE_NAME: 'tokenwright' });
  });

  it('has the derivation key, the right to it and the KMS client, or none of the three', async () => {
    const { environment, may } = lambda(name);
    const generates = ['pre', 'set-random-pin', 'enroll'].includes(name);
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
    const seals = ['pre', 'enroll', 'definitions'].includes(name);
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

  it('puts what it could not deliver, and what Lambda gave up, on the one queue of the function', () => {
    const { rules, invocation, queueId } = called();
    expect(queueId).toBeDefined();
    expect(rules[0]?.target.DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [queueId, 'Arn'] } });
    expect(invocation?.DestinationConfig).toEqual({ OnFailure: { Destination: { 'Fn::GetAtt': [queueId, 'Arn'] } } });
    expect([...lambdas.values()].filter((other) => other.queueId === queueId)).toHaveLength(1);
  });

  it('is allowed to: the queue is open to that rule, the role may send to the queue, the rule may invoke', () => {
    const { queueId, queuePolicy, rules, statements, permissions } = called();
    const ruleArn = { 'Fn::Sub': expect.stringMatching(new RegExp(`:rule/\\$\\{${bus}\\}/${rules[0]?.name}$`)) };
    expect(queuePolicy).toEqual([
      expect.objectContaining({
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      }),
    ]);
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

  it('hand an auth event to dispatch alone, whatever it carries', () => {
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

describe('what deployment parameters change', () => {
  it('names the functions after the stage, and the buses, time zone, issuer and region as given', async () => {
    const other = await packageService(
      '--stage',
      'prod',
      '--param',
      'busName=events',
      '--param',
      'timezone=Europe/Berlin',
      '--param',
      'issuer=Example Org',
      '--param',
      'alarmTopicArn=arn:aws:sns:eu-central-1:111122223333:pager',
    );
    try {
      expect(lambdasOf(other.template).get('tokenwright-prod-dispatch')?.environment.TIMEZONE).toBe('Europe/Berlin');
      expect(lambdasOf(other.template).get('tokenwright-prod-enroll')?.environment.ISSUER).toBe('Example Org');
      expect(other.template.Resources.Bus?.Properties?.Name).toBe('events');
      const alarms = [...resourcesOf(other.template, 'AWS::CloudWatch::Alarm').values()];
      const topic = ['arn:aws:sns:eu-central-1:111122223333:pager'];
      expect(alarms.filter(({ Properties }) => Properties?.AlarmActions?.toString() !== topic.toString())).toEqual([]);
      expect(specificationProblems(other.template)).toEqual([]);
    } finally {
      await other.remove();
    }
  }, 120_000);
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

/** Two stages in one account and region: what each is called, what parameters change, and what none may be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { specificationProblems } from './cloudformation-spec.ts';
import { type Packaged, packageService } from './packaged.ts';
import { lambdasOf } from './packaged-lambda.ts';
import { resourcesOf, type Template } from './template.ts';

const OPERATORS = 'arn:aws:iam::111122223333:role/Operators';
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:pager';
const PARAMETERS = {
  timezone: 'Europe/Berlin',
  issuer: 'Example Org',
  alarmTopicArn: TOPIC,
  dashboard: 'true',
  tracing: 'true',
  redriverArns: `${OPERATORS},arn:aws:iam::111122223333:user/alice`,
  administratorArns: OPERATORS,
  permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
  memorySize: '1024',
  timeout: '25',
  logRetentionDays: '7',
  apiRateLimit: '20',
  apiBurstLimit: '40',
  dispatchConcurrency: '50',
  actionConcurrency: '5',
  tokensTable: 'restored-tokens',
};

let blue: Packaged;
let green: Packaged;
let prod: Packaged;

beforeAll(async () => {
  blue = await packageService('--stage', 'blue');
  green = await packageService('--stage', 'green');
  const given = Object.entries(PARAMETERS).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  prod = await packageService('--stage', 'prod', ...given);
}, 240_000);
afterAll(() => Promise.all([blue, green, prod].map((packaged) => packaged?.remove())));

/** Properties that name something in the account, in the region, or in the world. */
const NAMING = /Name$|^Name$|^StatementId$|^DashboardBody$|^ApiId$/;
/** What is in another resource: a metric's name, an index, an API's default stage, where a name is a reference. */
const WITHIN = ['MetricName', 'IndexName', 'AttributeName', 'StageName', 'EventBusName', 'FunctionName.Ref'];

/** Every physical name of a template, and every name by which our metrics are kept, as `where: name`. */
function physicalNames({ Resources }: Template): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const name =
        typeof inner === 'string' ? inner : z.object({ 'Fn::Sub': z.string() }).safeParse(inner).data?.['Fn::Sub'];
      const isDimension = key === 'Value' && /Dimensions/.test(path);
      if (
        name !== undefined &&
        (isDimension || (NAMING.test(key) && !WITHIN.includes(key))) &&
        !/Dimensions.*\.Name$/.test(`${path}.${key}`)
      )
        found.set(`${path}.${key}`, name);
      visit(inner, `${path}.${key}`);
    }
  };
  for (const [id, { Properties }] of Object.entries(Resources)) visit(Properties, id.replaceAll(/blue|green/gi, '*'));
  return found;
}

describe('two stages', () => {
  it('share no physical name', () => {
    const [one, other] = [physicalNames(blue.template), physicalNames(green.template)];
    expect(one.size).toBeGreaterThan(100);
    expect([...one].filter(([path, name]) => other.get(path) === name)).toEqual([]);
    expect([...one.values()].filter((name) => [...other.values()].includes(name))).toEqual([]);
  });

  it('would be seen to share one', () => {
    const copy = structuredClone(blue.template);
    Object.assign(copy.Resources.Bus?.Properties ?? {}, { Name: 'tokenwright' });
    expect([...physicalNames(copy).values()]).toContain('tokenwright');
  });

  it('differ in nothing but their names', () => {
    const neutral = (template: Template) =>
      JSON.stringify(template.Resources)
        .replaceAll(/blue|green/gi, '*')
        .replaceAll(/"S3Key":"[^"]+"|"ServerlessDeploymentBucket[^"]*"/g, '');
    expect(neutral(blue.template)).toBe(neutral(green.template));
  });
});

describe('a stage', () => {
  it('has at most eight resources for each function, apart from its routes, and stays below the limit', () => {
    const { Resources } = blue.template;
    const routes = resourcesOf(blue.template, 'AWS::ApiGatewayV2::Route').size;
    const functions = resourcesOf(blue.template, 'AWS::Lambda::Function').size;
    expect((Object.keys(Resources).length - routes) / functions).toBeLessThan(8);
    expect(Object.keys(Resources).length).toBeLessThan(300);
  });

  it('costs at most six dollars a month while nothing happens: keys, alarms, a dashboard', () => {
    const count = (type: string) => resourcesOf(blue.template, type).size;
    const dollars =
      count('AWS::KMS::Key') * 1 + count('AWS::CloudWatch::Alarm') * 0.1 + count('AWS::CloudWatch::Dashboard') * 3;
    expect(dollars).toBeLessThanOrEqual(6);
  });

  it("writes no line of the platform's but where something is wrong", () => {
    for (const { properties } of lambdasOf(blue.template).values())
      expect(properties.LoggingConfig).toEqual({ LogFormat: 'JSON', SystemLogLevel: 'WARN' });
  });
});

describe('parameters', () => {
  it('make a template that fits the CloudFormation specification', () => {
    expect(specificationProblems(prod.template)).toEqual([]);
  });

  it('reach the functions', () => {
    const lambdas = lambdasOf(prod.template);
    const dispatch = lambdas.get('tokenwright-prod-dispatch');
    expect(dispatch?.environment).toMatchObject({ TIMEZONE: 'Europe/Berlin', ISSUER: 'Example Org' });
    expect(dispatch?.properties).toMatchObject({ MemorySize: 1024, Timeout: 25, ReservedConcurrentExecutions: 50 });
    expect(dispatch?.properties.TracingConfig).toEqual({ Mode: 'Active' });
    expect(dispatch?.may('xray:PutTraceSegments')).toBe(true);
    expect(dispatch?.logGroup?.RetentionInDays).toBe(7);
    expect(lambdas.get('tokenwright-prod-disable')?.properties.ReservedConcurrentExecutions).toBe(5);
    expect(lambdas.get('tokenwright-prod-pre')?.properties.ReservedConcurrentExecutions).toBeUndefined();
  });

  it('reach alarms, dashboard, API and roles', () => {
    const alarms = [...resourcesOf(prod.template, 'AWS::CloudWatch::Alarm').values()];
    expect(alarms.filter(({ Properties }) => Properties?.AlarmActions?.toString() !== TOPIC)).toEqual([]);
    expect(prod.template.Resources.HttpApiStage?.Properties?.DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: 20,
      ThrottlingBurstLimit: 40,
    });
    const roles = [...resourcesOf(prod.template, 'AWS::IAM::Role').values()];
    const boundary = PARAMETERS.permissionsBoundaryArn;
    expect(roles.filter(({ Properties }) => Properties?.PermissionsBoundary !== boundary)).toEqual([]);
    expect(prod.template.Resources.RedriveRole?.Properties?.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Effect: 'Allow', Principal: { AWS: PARAMETERS.redriverArns.split(',') } }],
    });
    expect(JSON.stringify(prod.template.Resources.SecretsKey)).toContain(
      `"Sid":"DataKeysByAdministrators","Effect":"Allow","Principal":{"AWS":["${OPERATORS}"]}`,
    );
  });

  it('name each metric of the dashboard, without searches', () => {
    const body = z
      .object({ 'Fn::Sub': z.string() })
      .parse(prod.template.Resources.Dashboard?.Properties?.DashboardBody);
    const { widgets } = z
      .object({ widgets: z.array(z.object({ properties: z.object({ metrics: z.array(z.array(z.unknown())) }) })) })
      .parse(JSON.parse(body['Fn::Sub']));
    expect(widgets).toHaveLength(10);
    const functions = resourcesOf(prod.template, 'AWS::Lambda::Function').size;
    expect(widgets.map(({ properties }) => properties.metrics.length)).toContain(functions);
    expect(body['Fn::Sub']).not.toContain('SEARCH');
  });

  it('make the stack use a table that it did not create, in place of its own', () => {
    expect(prod.template.Resources.TokensTable).toBeUndefined();
    expect(JSON.stringify(prod.template)).not.toContain('TokensTable"');
    const dispatch = lambdasOf(prod.template).get('tokenwright-prod-dispatch');
    expect(dispatch?.environment.TOKENS_TABLE).toBe('restored-tokens');
    const resources = JSON.stringify(dispatch?.statements);
    expect(resources).toContain('dynamodb:${AWS::Region}:${AWS::AccountId}:table/restored-tokens"');
    expect(resources).toContain('table/restored-tokens/index/owner"');
  });
});

describe('in GovCloud', () => {
  it('the results bus has no key of its own, where that is said', async () => {
    const gov = await packageService('--param', 'region=us-gov-west-1', '--param', 'resultsBusKey=false');
    try {
      const bus = { Name: 'tokenwright-results-dev' };
      expect(gov.template.Resources.ResultsBus?.Properties).toEqual(bus);
      expect(gov.template.Resources.ResultsKey).toBeUndefined();
      expect(specificationProblems(gov.template)).toEqual([]);
    } finally {
      await gov.remove();
    }
  });
});

/**
 * The wiring of the deployed stack as plain data: tables, buses, rules, functions, queues, routes, keys, with all
 * references replaced by local names. It is made from the resolved serverless.yml, so a rule that is wrong there is
 * wrong here. Schedules and streams are left out, because the local stack has none.
 */
import { TokenwrightError } from '../../lib/base/error.ts';
import { isRecord, type Json, list, number, record, text } from './json.ts';
import { ACCOUNT, type Resolve, references, type StackPlace } from './references.ts';
import { type BusRule, type RetryPolicy, ruleOfResource, rulesOfFunction } from './rules.ts';
import { type LocalTable, tableOf } from './tables.ts';

export interface LambdaFunction {
  /** The key under `functions`: `set-validity`. */
  readonly key: string;
  /** The deployed name: `tokenwright-dev-set-validity`. */
  readonly name: string;
  readonly arn: string;
  /** `functions/actions/set-validity.handler` */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The retries of a failed asynchronous invocation. */
  readonly retryPolicy: RetryPolicy;
  /** The ARN of the queue for events that Lambda gave up. */
  readonly onFailureArn: string | undefined;
}

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
}

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly functionArn: string;
}

export interface KmsKey {
  readonly id: string;
  readonly arn: string;
  /** `HMAC_256` or `SYMMETRIC_DEFAULT`. */
  readonly spec: string;
}

export interface Wiring {
  readonly region: string;
  readonly tables: readonly LocalTable[];
  readonly buses: readonly string[];
  readonly rules: readonly BusRule[];
  readonly functions: readonly LambdaFunction[];
  readonly queues: readonly Queue[];
  readonly routes: readonly Route[];
  readonly keys: readonly KmsKey[];
}

/**
 * Reads the wiring from a resolved serverless.yml.
 *
 * @param configuration what `readConfiguration` answers
 * @param stage as resolved
 * @param queueBase the address of the local SQS endpoint, in front of the queues' paths
 * @throws TokenwrightError `bad_wiring`, or `bad_pattern` with the rule's path
 */
export function wiringOf(configuration: Json, stage: string, queueBase: string): Wiring {
  const provider = record(configuration.provider);
  const region = text(provider.region) ?? 'us-east-1';
  const stackName = `${text(configuration.service) ?? 'service'}-${stage}`;
  const blocks = Object.entries(record(configuration.functions)).map(([key, block]) => [key, record(block)] as const);
  const arns = new Map(blocks.map(([key, block]) => [logicalId(key), functionArn(region, stackName, key, block)]));
  const resources = resourcesOf(configuration);
  const resolve = references(resources, arns, { region, stackName, queueBase } satisfies StackPlace);
  const ofType = (type: string): [string, Json][] =>
    Object.entries(resources).flatMap(([id, resource]) =>
      isRecord(resource) && resource.Type === type ? [[id, record(resolve(resource.Properties))]] : [],
    );
  const attribute = (id: string, name: string): string => String(resolve({ 'Fn::GetAtt': [id, name] }));

  const functions = blocks.map(([key, block]) => functionOf(key, block, provider, stackName, region, resolve));
  const rules = [
    ...blocks.flatMap(([key, block], index) =>
      rulesOfFunction(key, block, functions[index]?.arn ?? '', region, resolve),
    ),
    ...ofType('AWS::Events::Rule').map(([id, properties]) => ruleOfResource(id, properties, region)),
  ];
  return {
    region,
    tables: ofType('AWS::DynamoDB::Table').map(([id, properties]) =>
      tableOf(id, { ...properties, TableName: String(resolve({ Ref: id })) }),
    ),
    buses: [
      ...new Set([
        'default',
        ...ofType('AWS::Events::EventBus').map(([id]) => attribute(id, 'Name')),
        ...rules.map(({ bus }) => bus),
      ]),
    ],
    rules,
    functions,
    queues: ofType('AWS::SQS::Queue').map(([id]) => ({
      name: attribute(id, 'QueueName'),
      arn: attribute(id, 'Arn'),
      url: attribute(id, 'QueueUrl'),
    })),
    routes: blocks.flatMap(([, block], index) => routesOf(block, functions[index]?.arn ?? '')),
    keys: ofType('AWS::KMS::Key').map(([id, properties]) => ({
      id,
      arn: attribute(id, 'Arn'),
      spec: text(properties.KeySpec) ?? 'SYMMETRIC_DEFAULT',
    })),
  };
}

function resourcesOf(configuration: Json): Json {
  const parts = Array.isArray(configuration.resources) ? configuration.resources : [configuration.resources];
  return Object.assign({}, ...parts.map((part) => record(record(part).Resources)));
}

/** The logical id that the deployment tool gives to a function. */
function logicalId(key: string): string {
  const name = key.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
}

function functionName(stackName: string, key: string, block: Json): string {
  return text(block.name) ?? `${stackName}-${key}`;
}

function functionArn(region: string, stackName: string, key: string, block: Json): string {
  return `arn:aws:lambda:${region}:${ACCOUNT}:function:${functionName(stackName, key, block)}`;
}

function functionOf(
  key: string,
  block: Json,
  provider: Json,
  stackName: string,
  region: string,
  resolve: Resolve,
): LambdaFunction {
  const handler = text(block.handler);
  if (handler === undefined) {
    throw new TokenwrightError('bad_wiring', `functions.${key}.handler is missing`, {
      path: `functions.${key}.handler`,
    });
  }
  const environment = record(resolve({ ...record(provider.environment), ...record(block.environment) }));
  const onFailure = resolve(record(block.destinations).onFailure);
  return {
    key,
    name: functionName(stackName, key, block),
    arn: functionArn(region, stackName, key, block),
    handler,
    timeoutSeconds: number(block.timeout) ?? number(provider.timeout) ?? 6,
    memoryMegabytes: number(block.memorySize) ?? number(provider.memorySize) ?? 1024,
    environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)])),
    retryPolicy: {
      maximumRetryAttempts: number(block.maximumRetryAttempts) ?? 2,
      maximumEventAgeSeconds: number(block.maximumEventAge) ?? 21_600,
    },
    onFailureArn: text(onFailure) ?? text(record(onFailure).arn),
  };
}

function routesOf(block: Json, functionArn: string): Route[] {
  return list(block.events).flatMap((event) => {
    const route = record(event).httpApi;
    const [method, path] = typeof route === 'string' ? route.split(/\s+/) : [record(route).method, record(route).path];
    if (route === undefined || text(method) === undefined) return [];
    return [{ method: String(method).toUpperCase(), path: text(path) ?? '*', functionArn }];
  });
}

/**
 * CloudFormation as a deployment uses it: change sets are executed into stacks whose resources have physical names.
 * A name that is taken, and code that is not in its bucket, end in a rollback, as anything does that cannot be made.
 */
import { randomBytes } from 'node:crypto';
import { isRecord, record, text } from '../../infra/local/json.ts';
import { references } from '../../infra/local/references.ts';
import type { Template, TemplateResource } from '../packaging/template.ts';
import { ACCOUNT, type Answer, xml } from './answer.ts';
import type { Buckets } from './s3.ts';

export interface DeployedStack {
  readonly name: string;
  status: string;
  template: Template;
  /** The physical name of each resource, by logical id. */
  resources: Map<string, string>;
  outputs: Record<string, string>;
  readonly events: { readonly id: string; readonly type: string; readonly status: string; readonly reason: string }[];
  pending: Template | undefined;
}
export type Stacks = Map<string, DeployedStack>;

interface Account {
  readonly stacks: Stacks;
  readonly buckets: Buckets;
  readonly failures: { next: string };
}

const REGION = 'eu-central-1';
const NONE: Template = { Resources: {} };
/** Which property names a resource; what is not listed here gets a name of its own from CloudFormation. */
const NAMED: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::EventBus': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
};

/** Answers one call of the query protocol. */
export function cloudFormation(account: Account, action: string, query: URLSearchParams): Answer {
  const name = (query.get('StackName') ?? '').replace(/^arn:.*:stack\/([^/]+)\/.*$/, '$1');
  const stack = account.stacks.get(name);
  if (action === 'ValidateTemplate' || action === 'ListExports') return xml(action, '');
  if (action === 'CreateChangeSet') {
    const target = stack ?? newStack(name);
    account.stacks.set(name, target);
    target.pending = templateOf(account.buckets, query);
    return xml(action, `<Id>arn:change-set</Id><StackId>${idOf(name)}</StackId>`);
  }
  if (stack === undefined) return refusal(`Stack with id ${name} does not exist`);
  switch (action) {
    case 'DeleteChangeSet':
      return xml(action, '');
    case 'DescribeChangeSet':
      return xml(action, `<Status>CREATE_COMPLETE</Status><StackId>${idOf(name)}</StackId>`);
    case 'ExecuteChangeSet':
      execute(account, stack);
      return xml(action, '');
    case 'DeleteStack':
      remove(account, stack);
      return xml(action, '');
    case 'DescribeStacks':
      return xml(action, `<Stacks>${member(describe(stack))}</Stacks>`);
    case 'DescribeStackEvents':
      return xml(action, `<StackEvents>${stack.events.map(eventXml(stack)).reverse().join('')}</StackEvents>`);
    case 'DescribeStackResource': {
      const physical = stack.resources.get(query.get('LogicalResourceId') ?? '');
      const detail = `<StackResourceDetail><PhysicalResourceId>${physical}</PhysicalResourceId></StackResourceDetail>`;
      return physical === undefined ? refusal(`Resource does not exist for stack ${name}`) : xml(action, detail);
    }
    case 'ListStackResources':
      return xml(action, '<StackResourceSummaries></StackResourceSummaries>');
    default:
      return refusal(`${action} is not answered here`);
  }
}

function newStack(name: string): DeployedStack {
  const nothing = { resources: new Map(), outputs: {}, events: [], pending: undefined };
  return { name, status: 'REVIEW_IN_PROGRESS', template: NONE, ...nothing };
}

function templateOf(buckets: Buckets, query: URLSearchParams): Template {
  const inline = query.get('TemplateBody');
  if (inline !== null) return JSON.parse(inline) as Template;
  const [, bucket = '', ...key] = new URL(query.get('TemplateURL') ?? '').pathname.split('/');
  return JSON.parse(String(buckets.get(bucket)?.get(key.join('/')))) as Template;
}

function execute({ stacks, buckets, failures }: Account, stack: DeployedStack): void {
  const template = stack.pending ?? NONE;
  const verb = stack.resources.size === 0 ? 'CREATE' : 'UPDATE';
  stack.events.push({ id: stack.name, type: 'AWS::CloudFormation::Stack', status: `${verb}_IN_PROGRESS`, reason: '' });
  const resolve = references(record(template.Resources), functionArns(template), {
    region: REGION,
    stackName: stack.name,
    queueBase: 'https://sqs',
  });
  const held = new Set(
    [...stacks.values()].filter((one) => one !== stack).flatMap((one) => [...one.resources.values()]),
  );
  const made = new Map<string, string>();
  const problems: [id: string, reason: string][] = [];
  for (const [id, resource] of Object.entries(template.Resources)) {
    const physical = stack.resources.get(id) ?? physicalName(stack.name, id, resource, resolve);
    if (held.has(physical)) problems.push([id, `${physical} already exists in stack`]);
    if (!isUploaded(buckets, resource, resolve)) problems.push([id, 'S3 Error Code: NoSuchKey']);
    made.set(id, physical);
  }
  if (failures.next === stack.name && verb === 'UPDATE') {
    problems.push([Object.keys(template.Resources).at(-1) ?? '', 'Resource limit exceeded']);
    failures.next = '';
  }
  const [first] = problems;
  if (first === undefined) {
    Object.assign(stack, { template, resources: made, status: `${verb}_COMPLETE` });
    stack.outputs = Object.fromEntries(
      Object.entries(template.Outputs ?? {}).map(([id, output]) => [id, String(resolve(record(output).Value))]),
    );
    for (const [id, { Type }] of Object.entries(template.Resources)) {
      const bucket = made.get(id);
      if (Type === 'AWS::S3::Bucket' && bucket !== undefined && !buckets.has(bucket)) buckets.set(bucket, new Map());
    }
  } else {
    const [id, reason] = first;
    const type = template.Resources[id]?.Type ?? '';
    stack.events.push({ id, type, status: `${verb}_FAILED`, reason });
    stack.status = verb === 'CREATE' ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE';
  }
  stack.events.push({ id: stack.name, type: 'AWS::CloudFormation::Stack', status: stack.status, reason: '' });
}

function functionArns({ Resources }: Template): Map<string, string> {
  return new Map(
    Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::Lambda::Function'
        ? [[id, `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${String(Properties?.FunctionName)}`] as const]
        : [],
    ),
  );
}

function physicalName(
  stack: string,
  id: string,
  { Type, Properties = {} }: TemplateResource,
  resolve: (value: unknown) => unknown,
): string {
  const given = text(resolve(Properties[NAMED[Type] ?? '']));
  if (given !== undefined) return `${Type} ${given}`;
  const generated = `${stack}-${id}-${randomBytes(6).toString('hex')}`.toLowerCase();
  return Type === 'AWS::S3::Bucket' ? generated : `${Type} ${generated}`;
}

function isUploaded(buckets: Buckets, { Type, Properties }: TemplateResource, resolve: (value: unknown) => unknown) {
  const code = Properties?.Code;
  if (Type !== 'AWS::Lambda::Function' || !isRecord(code)) return true;
  const key = String(resolve(code.S3Key));
  return [...buckets.values()].some((objects) => objects.has(key));
}

/** What outlives a stack keeps its physical name in the account. */
function remove({ stacks, buckets }: Account, stack: DeployedStack): void {
  const kept = [...stack.resources].filter(([id]) =>
    String(record(stack.template.Resources[id]).DeletionPolicy ?? '').startsWith('Retain'),
  );
  for (const [id, name] of stack.resources)
    if (stack.template.Resources[id]?.Type === 'AWS::S3::Bucket') buckets.delete(name);
  stacks.delete(stack.name);
  stacks.set(`left of ${stack.name} ${stacks.size}`, { ...newStack('left'), resources: new Map(kept) });
}

const idOf = (name: string): string => `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${name}/1`;
const member = (inner: string): string => `<member>${inner}</member>`;

function describe({ name, status, outputs }: DeployedStack): string {
  const all = Object.entries(outputs).map(([key, value]) =>
    member(`<OutputKey>${key}</OutputKey><OutputValue>${value.replaceAll('&', '&amp;')}</OutputValue>`),
  );
  return [
    `<StackName>${name}</StackName><StackId>${idOf(name)}</StackId><StackStatus>${status}</StackStatus>`,
    `<CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${all.join('')}</Outputs>`,
  ].join('');
}

const eventXml =
  ({ name }: DeployedStack) =>
  ({ id, type, status, reason }: DeployedStack['events'][number], index: number): string =>
    member(
      [
        `<EventId>${index}</EventId><StackName>${name}</StackName><LogicalResourceId>${id}</LogicalResourceId>`,
        `<ResourceType>${type}</ResourceType><ResourceStatus>${status}</ResourceStatus>`,
        `<ResourceStatusReason>${reason}</ResourceStatusReason>`,
        `<StackId>${idOf(name)}</StackId><Timestamp>${new Date().toISOString()}</Timestamp>`,
      ].join(''),
    );

function refusal(message: string): Answer {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`;
  return { status: 400, body, headers: { 'content-type': 'text/xml' } };
}

/**
 * Resolves the references of CloudFormation for the local stack: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`. Names are
 * those of serverless.yml, ARNs have the account 000000000000, queue URLs begin with the local endpoint.
 */
import { TokenwrightError } from '../../lib/base/error.ts';
import { isRecord, type Json, list, record, text } from './json.ts';

export const ACCOUNT = '000000000000';

/** The parts of ARNs and queue URLs. */
export interface StackPlace {
  readonly region: string;
  readonly stackName: string;
  /** `http://127.0.0.1:4567`, in front of `/000000000000/queue`. */
  readonly queueBase: string;
}

export type Resolve = (value: unknown) => unknown;

/** The values of the references to one resource, by attribute; `Ref` is under `''`. */
type ResourceAttributes = Readonly<Record<string, string>>;

/** Makes the function that replaces every reference in a value. @throws TokenwrightError `bad_wiring` */
export function references(resources: Json, functionArns: ReadonlyMap<string, string>, place: StackPlace): Resolve {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Region': place.region,
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': place.stackName,
    'AWS::StackId': `arn:aws:cloudformation:${place.region}:${ACCOUNT}:stack/${place.stackName}/local`,
  };

  const reference = (id: string, attribute: string): string => {
    const found = attribute === '' ? (pseudo[id] ?? attributes(id)['']) : attributes(id)[attribute];
    if (found !== undefined) return found;
    const what = attribute === '' ? id : `${id}.${attribute}`;
    throw new TokenwrightError('bad_wiring', `serverless.yml refers to ${what}, which does not exist`, { given: what });
  };

  const known = new Map<string, ResourceAttributes>();
  const attributes = (id: string): ResourceAttributes => {
    const found = known.get(id) ?? read(id);
    known.set(id, found);
    return found;
  };
  const read = (id: string): ResourceAttributes => {
    const arn = functionArns.get(id);
    if (arn !== undefined) return { '': arn.slice(arn.lastIndexOf(':') + 1), Arn: arn };
    const resource = record(resources[id]);
    return attributesOf(id, text(resource.Type) ?? '', record(resolve(resource.Properties)), place);
  };

  const substitute = (template: string, values: Json): string =>
    template.replace(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
      if (literal !== '') return whole.replace('!', '');
      if (Object.hasOwn(values, name)) return String(resolve(values[name]));
      const [id = '', ...attribute] = name.split('.');
      return reference(id, attribute.join('.'));
    });

  const intrinsics: Readonly<Record<string, (operand: unknown) => unknown>> = {
    Ref: (operand) => reference(String(operand), ''),
    'Fn::GetAtt': (operand) => {
      const [id = '', ...attribute] = Array.isArray(operand) ? operand.map(String) : String(operand).split('.');
      return reference(id, attribute.join('.'));
    },
    'Fn::Sub': (operand) => {
      const [template, values] = Array.isArray(operand) ? operand : [operand, {}];
      return substitute(String(template), record(values));
    },
    'Fn::Join': (operand) => {
      const [separator, parts] = list(operand);
      return list(parts)
        .map((part) => String(resolve(part)))
        .join(String(separator));
    },
  };

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (!isRecord(value)) return value;
    const [[key, operand] = ['', undefined], ...others] = Object.entries(value);
    const intrinsic = others.length === 0 && Object.hasOwn(intrinsics, key) ? intrinsics[key] : undefined;
    if (intrinsic !== undefined) return intrinsic(operand);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner)]));
  };
  return resolve;
}

function attributesOf(
  id: string,
  type: string,
  properties: Json,
  { region, stackName, queueBase }: StackPlace,
): ResourceAttributes {
  const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
  const named = (key: string): string => text(properties[key]) ?? `${stackName}-${id}`;
  switch (type) {
    case 'AWS::DynamoDB::Table':
      return { '': named('TableName'), Arn: arn('dynamodb', `table/${named('TableName')}`) };
    case 'AWS::Events::EventBus':
      return { '': named('Name'), Name: named('Name'), Arn: arn('events', `event-bus/${named('Name')}`) };
    case 'AWS::SQS::Queue': {
      const QueueName = named('QueueName');
      const QueueUrl = `${queueBase}/${ACCOUNT}/${QueueName}`;
      return { '': QueueUrl, QueueUrl, QueueName, Arn: arn('sqs', QueueName) };
    }
    case 'AWS::KMS::Key':
      return { '': id, KeyId: id, Arn: arn('kms', `key/${id}`) };
    case '':
      return {};
    default:
      return { '': id, Arn: arn('local', id) };
  }
}

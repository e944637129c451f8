/**
 * Compares a template with the CloudFormation specification that AWS publishes on npm (`@aws-cdk/aws-service-spec`,
 * Apache-2.0; the package contains the whole database, so no network is needed). It finds errors that CloudFormation would
 * refuse at the start of a deployment: unknown or missing names at any depth, wrong kinds of values, missing references.
 */
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, Resource, ResourceProperties } from '@aws-cdk/service-spec-types';
import type { Template, TemplateResource } from './template.ts';
import { referenceProblems } from './template-references.ts';

const RESOURCE_KEYS = [
  'Type',
  'Properties',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Condition',
  'Metadata',
];
const TAG: ResourceProperties = {
  Key: { type: { type: 'string' }, required: true },
  Value: { type: { type: 'string' }, required: true },
};

const database = loadAwsServiceSpecSync();

/** Returns the differences from the specification, each as `path: what is wrong`. */
export function specificationProblems(template: Template): string[] {
  return Object.entries(template.Resources)
    .flatMap(([id, resource]) => resourceProblems(resource, `Resources.${id}`))
    .concat(referenceProblems(template, attributesOf));
}

function find(type: string): Resource | undefined {
  return database.lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

/** What `Fn::GetAtt` can ask of a resource of that type. */
function attributesOf(type: string): readonly string[] {
  return Object.keys(find(type)?.attributes ?? {});
}

function resourceProblems(resource: TemplateResource, path: string): string[] {
  const known = find(resource.Type);
  if (known === undefined) return [`${path}: there is no resource type "${resource.Type}"`];
  return [
    ...Object.keys(resource)
      .filter((key) => !RESOURCE_KEYS.includes(key))
      .map((key) => `${path}.${key}: unknown`),
    ...objectProblems(resource.Properties ?? {}, known.properties, `${path}.Properties`),
  ];
}

function objectProblems(value: unknown, properties: ResourceProperties, path: string): string[] {
  if (!isObject(value)) return [`${path}: must be an object`];
  const missing = Object.keys(properties).filter((name) => properties[name]?.required && value[name] === undefined);
  return [
    ...missing.map((name) => `${path}.${name}: missing`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const property = properties[name];
      if (property === undefined)
        return [`${path}.${name}: unknown, allowed are ${Object.keys(properties).join(', ')}`];
      return valueProblems(inner, property.type, `${path}.${name}`);
    }),
  ];
}

function valueProblems(value: unknown, type: PropertyType, path: string): string[] {
  if (isIntrinsic(value)) return [];
  switch (type.type) {
    case 'json':
      return [];
    case 'ref':
      return objectProblems(value, database.get('typeDefinition', type.reference.$ref).properties, path);
    case 'tag':
      return objectProblems(value, TAG, path);
    case 'array':
      if (!Array.isArray(value)) return [`${path}: must be a list`];
      return value.flatMap((element, index) => valueProblems(element, type.element, `${path}[${index}]`));
    case 'map':
      if (!isObject(value)) return [`${path}: must be an object`];
      return Object.entries(value).flatMap(([key, element]) => valueProblems(element, type.element, `${path}.${key}`));
    case 'union':
      return unionProblems(value, type.types, path);
    default:
      return scalarProblems(value, type, path);
  }
}

/** Where the specification allows "a structure, or any JSON", because it may be a text, the structure is checked. */
function unionProblems(value: unknown, types: readonly PropertyType[], path: string): string[] {
  const structured = types.some(({ type }) => ['ref', 'array', 'map'].includes(type));
  const candidates = structured && typeof value === 'object' ? types.filter(({ type }) => type !== 'json') : types;
  const attempts = candidates.map((candidate) => valueProblems(value, candidate, path));
  return attempts.sort((one, other) => one.length - other.length)[0] ?? [];
}

/** CloudFormation converts numbers and booleans to texts and back, so only other values are errors. */
function scalarProblems(value: unknown, type: PropertyType, path: string): string[] {
  if (typeof value === 'object') return [`${path}: must be a ${type.type}`];
  const text = String(value);
  if (type.type === 'boolean' && !/^(true|false)$/.test(text)) return [`${path}: must be true or false, is ${text}`];
  if (type.type === 'integer' && !/^-?\d+$/.test(text)) return [`${path}: must be an integer, is ${text}`];
  if (type.type === 'number' && !Number.isFinite(Number(text))) return [`${path}: must be a number, is ${text}`];
  const allowed = 'allowedValues' in type && type.allowedValues ? type.allowedValues.map(String) : [text];
  return allowed.includes(text) ? [] : [`${path}: must be one of ${allowed.join(', ')}, is ${text}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIntrinsic(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** Prints JSON Schema as TypeScript, with the descriptions as comments: the types that other projects import. */
import type { JsonSchema } from './json-schema.ts';

/** `export interface NAME {...}` if it is an object, else `export type NAME = ...`. */
export function declaration(name: string, schema: JsonSchema): string {
  const type = typeOf(schema, '');
  const comment = schema.description === undefined ? '' : `/** ${schema.description} */\n`;
  return type.startsWith('{') && type.endsWith('}') && schema.properties
    ? `${comment}export interface ${name} ${type}`
    : `${comment}export type ${name} = ${type};`;
}

function typeOf(schema: JsonSchema, indent: string): string {
  const { $ref, const: constant, enum: values, anyOf, oneOf, type } = schema;
  if ($ref !== undefined) return capitalized($ref.split('/').at(-1) ?? '');
  if (constant !== undefined) return literal(constant);
  if (values?.includes(true) && values.includes(false))
    return union(['boolean', ...values.filter((one) => typeof one !== 'boolean').map(literal)]);
  if (values) return union(values.map(literal));
  const branches = anyOf ?? oneOf;
  if (branches) return union(branches.map((branch) => typeOf(branch, indent)));
  if (Array.isArray(type)) return union(type.map((one: string) => typeOf({ ...schema, type: one }, indent)));
  if (type === 'object') return objectOf(schema, indent);
  if (type === 'array') return arrayOf(schema, indent);
  if (type === 'integer') return 'number';
  return typeof type === 'string' ? type : 'unknown';
}

function arrayOf({ items, prefixItems }: JsonSchema, indent: string): string {
  if (prefixItems) return `[${prefixItems.map((item) => typeOf(item, indent)).join(', ')}]`;
  return `Array<${typeOf(items ?? {}, indent)}>`;
}

function objectOf({ properties = {}, required = [], additionalProperties }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, schema]) => {
    const comment = schema.description === undefined ? '' : `${inner}/** ${schema.description} */\n`;
    const mark = required.includes(name) ? '' : '?';
    return `${comment}${inner}${/^\w+$/.test(name) ? name : literal(name)}${mark}: ${typeOf(schema, inner)};`;
  });
  const others = typeof additionalProperties === 'object' ? typeOf(additionalProperties, inner) : undefined;
  if (fields.length === 0) return `Record<string, ${others ?? (additionalProperties === false ? 'never' : 'unknown')}>`;
  if (others !== undefined) fields.push(`${inner}[key: string]: ${others};`);
  return `{\n${fields.join('\n')}\n${indent}}`;
}

/** Beside literals, `string` is written so that editors still propose the literals. */
function union(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  if (distinct.includes('unknown')) return 'unknown';
  const hasLiterals = distinct.some((type) => type.startsWith("'"));
  return distinct.map((type) => (type === 'string' && hasLiterals ? '(string & {})' : type)).join(' | ');
}

function literal(value: unknown): string {
  return typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    : JSON.stringify(value);
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

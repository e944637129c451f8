/**
 * Lets the stack use tables that it did not create, such as those of a restore or of an earlier deployment. Such a
 * table is no resource of the stack, so every reference to it is replaced by its name or its ARN.
 */
import { isObject } from '../lib/base/object.ts';
import type { StackParameters } from './parameters.ts';

/** Lists the tables that parameters name, by the logical id of the table that each replaces. */
export function adoptedTables(parameters: StackParameters): ReadonlyMap<string, string> {
  const { tokensTable, definitionsTable, directoryTable, secretKeysTable } = parameters;
  const named = {
    TokensTable: tokensTable,
    DefinitionsTable: definitionsTable,
    DirectoryTable: directoryTable,
    SecretKeysTable: secretKeysTable,
  };
  return new Map(Object.entries(named).filter(([, name]) => name !== ''));
}

/** Replaces every `Ref`, `Fn::GetAtt` and `Fn::Sub` of an adopted table in a value. */
export function withAdopted(value: unknown, tables: ReadonlyMap<string, string>): unknown {
  if (tables.size === 0) return value;
  if (Array.isArray(value)) return value.map((one) => withAdopted(one, tables));
  if (typeof value === 'string')
    return value.replaceAll(/\$\{(\w+)(\.Arn)?\}/g, (all, id, attribute) => {
      const name = tables.get(id);
      return name === undefined ? all : attribute === undefined ? name : arnOf(name);
    });
  if (!isObject(value)) return value;
  const { Ref: id, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
  const name = tables.get(String(id ?? (Array.isArray(attribute) ? attribute[0] : '')));
  if (name !== undefined) return id === undefined ? { 'Fn::Sub': arnOf(name) } : name;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withAdopted(inner, tables)]));
}

/** Builds the ARN of a table of this account and region, as text for `Fn::Sub`. */
const arnOf = (name: string): string =>
  `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/${name}`;

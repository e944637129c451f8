/**
 * Builds the conditional write of a step: a minimal `UpdateItem` with the difference of two records. Attribute names are
 * always placeholders, because a tokeninfo key may be any text. Pure.
 */

import { isDeepStrictEqual } from 'node:util';
import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { isRecord } from '../base/object.ts';
import { itemOf } from './item.ts';
import type { TokenRecord } from './record.ts';

type ItemAttributes = Readonly<Record<string, unknown>>;

/** Maps whose keys are written one by one. */
const NESTED: ReadonlySet<string> = new Set(['info', 'stamps']);

/**
 * The most keys of a map that are written one by one. An expression may have 4 KB and 300 operators, and a rising low
 * watermark may remove hundreds of stamps at once. Beyond this number the whole map is written, which costs the same.
 */
const ONE_BY_ONE = 40;

/**
 * Builds the update that turns `before` into `after`. DynamoDB refuses it if another writer was faster.
 *
 * @param after has the version of `before` plus one
 */
export function updateInput(table: string, before: TokenRecord, after: TokenRecord): UpdateCommandInput {
  const names: Record<string, string> = { '#version': 'version' };
  const values: Record<string, unknown> = { ':read': before.version };
  const sets: string[] = [];
  const removes: string[] = [];
  const name = (attribute: string): string => {
    const placeholder = `#n${Object.keys(names).length}`;
    names[placeholder] = attribute;
    return placeholder;
  };
  const write = (path: string, value: unknown): void => {
    if (value === undefined) {
      removes.push(path);
      return;
    }
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = value;
    sets.push(`${path} = ${placeholder}`);
  };
  const old: ItemAttributes = itemOf(before);
  const young: ItemAttributes = itemOf(after);
  for (const attribute of changedKeys(old, young)) {
    const [from, to] = [old[attribute], young[attribute]];
    const keys = NESTED.has(attribute) && isRecord(from) && isRecord(to) ? changedKeys(from, to) : [];
    if (isRecord(from) && isRecord(to) && keys.length > 0 && keys.length <= ONE_BY_ONE) {
      const parent = name(attribute);
      for (const key of keys) {
        write(`${parent}.${name(key)}`, Object.hasOwn(to, key) ? to[key] : undefined);
      }
    } else {
      write(name(attribute), to);
    }
  }
  return {
    TableName: table,
    Key: { serial: before.token.serial },
    UpdateExpression: [
      sets.length > 0 ? `SET ${sets.join(', ')}` : '',
      removes.length > 0 ? `REMOVE ${removes.join(', ')}` : '',
    ]
      .filter(Boolean)
      .join(' '),
    ConditionExpression: '#version = :read',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

function changedKeys(from: ItemAttributes, to: ItemAttributes): string[] {
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].filter((key) => !isDeepStrictEqual(own(from, key), own(to, key)));
}

function own(attributes: ItemAttributes, key: string): unknown {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
}

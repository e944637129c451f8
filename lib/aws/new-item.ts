/** Items that are written once, under keys in the order of their numbers. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';

/** Padded, so that the sort key's order is the order of numbers. */
export const orderedKey = (number: number) => String(number).padStart(10, '0');

/** Writes an item of a table keyed by `pk` where its key is free; refused where it is not. */
export function newItem(table: string, item: Readonly<Record<string, unknown>>): PutCommand {
  return new PutCommand({ TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' });
}

/** Writes many tokens in batches, for measurements that depend on their number. */
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../lib/aws/clients.ts';
import { itemOf } from '../lib/token/item.ts';
import { newRecord } from '../lib/token/record.ts';
import type { Token } from '../lib/token/token.ts';

const BATCH = 25;

export const serialOf = (number: number): string => `TOTP${String(number).padStart(8, '0')}`;

/** Writes the tokens `serialOf(0)` to `serialOf(count - 1)` without checks: the table must have none of them. */
export async function fillTokens(table: string, count: number, fields: Partial<Token> = {}): Promise<void> {
  const documents = documentClient(30_000);
  for (let first = 0; first < count; first += BATCH) {
    const requests = Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => {
      const record = newRecord({ serial: serialOf(first + i), tokentype: 'totp', ...fields });
      return { PutRequest: { Item: itemOf({ ...record, version: 1 }) } };
    });
    await documents.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  }
}

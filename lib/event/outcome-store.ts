/**
 * Stores the outcomes of the last 14 days by token, without `response`, which may hold a secret. An outcome that is
 * announced twice has the same id, and is stored once.
 */
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { isPartitionKey, isSortKey, unlessRefused } from '../aws/dynamodb.ts';
import { parse } from '../schema/validate.ts';

const text = z.string();

/** Part of the item's keys, in which `#` is the separator. */
const id = text.check(z.regex(/^[^#\s]{1,128}$/), z.refine(isSortKey, 'must be well-formed'));
const instant = text.check(z.refine((value) => Number.isFinite(Date.parse(value)), 'must be an instant'));

/** An outcome without its response. */
export const KeptOutcome = z.object({
  id,
  status: z.enum(['done', 'skipped', 'failed']),
  event: z.object({ id: text, name: text, time: instant }),
  definition: z.nullable(z.object({ id: z.int(), name: text })),
  action: z.nullable(text),
  serial: text,
  changes: z.nullable(z.record(text, z.tuple([z.unknown(), z.unknown()]))),
  reason: z.nullable(z.looseObject({ code: text, message: text })),
});
export type KeptOutcome = z.output<typeof KeptOutcome>;

/** How long an outcome is kept. */
export const KEPT_DAYS = 14;
const KEPT_MS = KEPT_DAYS * 86_400_000;

export interface OutcomeStore {
  /** Stores an outcome, unless it is stored already. @param now in milliseconds since 1970 */
  record(outcome: KeptOutcome, now: number): Promise<void>;
  /** Reads a page, the latest event first. @param after the `at` of the last outcome of the page before */
  page(serial: string, limit: number, now: number, after?: string): Promise<OutcomePage>;
}

export interface OutcomePage {
  readonly outcomes: readonly KeptOutcome[];
  /** Where the next page begins; absent on the last page. */
  readonly next?: string;
}

const Item = z.looseObject({ outcome: text, at: text, id: text });

export function outcomeStore(client: DynamoDBDocumentClient, table: string): OutcomeStore {
  return {
    async record(outcome, now) {
      const { serial, id, event } = outcome;
      const expires = Math.ceil((now + KEPT_MS) / 1000);
      const item = {
        serial,
        id,
        at: `${new Date(Date.parse(event.time)).toISOString()}#${earlierFirst(now)}#${id}`,
        expires,
        outcome: JSON.stringify(outcome),
      };
      const ConditionExpression = 'attribute_not_exists(serial)';
      await unlessRefused(client.send(new PutCommand({ TableName: table, Item: item, ConditionExpression })));
    },

    async page(serial, limit, now, after) {
      if (!isPartitionKey(serial)) return { outcomes: [] };
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'time',
          KeyConditionExpression: 'serial = :serial',
          FilterExpression: 'expires > :now',
          ExpressionAttributeValues: { ':serial': serial, ':now': Math.floor(now / 1000) },
          ScanIndexForward: false,
          Limit: limit,
          ...(after === undefined ? {} : { ExclusiveStartKey: keyOf(serial, after) }),
        }),
      );
      const items = Items.map((item) => parse(Item, item, 'bad_item'));
      const outcomes = items.map(({ outcome }) => parse(KeptOutcome, JSON.parse(outcome), 'bad_item'));
      return LastEvaluatedKey === undefined ? { outcomes } : { outcomes, next: String(LastEvaluatedKey.at) };
    },
  };
}

/** Returns the key of an item from its `at`, which ends with its id. */
function keyOf(serial: string, at: string) {
  return { serial, at, id: at.slice(at.lastIndexOf('#') + 1) };
}

/** Makes outcomes of one event, which are read backwards, sort in the order of their steps. */
function earlierFirst(now: number): string {
  return String(1e15 - now).padStart(16, '0');
}

/**
 * The outcomes of the last days by token: what was done to it lately, and what was not. Without `response`, the one
 * place that may hold a secret. An outcome that is announced twice has one id, and is kept once.
 */
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { isPartitionKey, isSortKey, unlessRefused } from '../aws/dynamodb.ts';
import { parse } from '../schema/validate.ts';

const text = z.string();

/** Part of the item's keys, where `#` parts. */
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
  /** Keeps an outcome; one that is there already stays as it is. */
  record(outcome: KeptOutcome, now: number): Promise<void>;
  /** A page, the youngest event first. @param after the `at` of the last one of the page before */
  page(serial: string, limit: number, now: number, after?: string): Promise<OutcomePage>;
}

export interface OutcomePage {
  readonly outcomes: readonly KeptOutcome[];
  /** Where the next page begins; absent: there is none. */
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

/** The key of an item by its `at`, which ends with its id. */
function keyOf(serial: string, at: string) {
  return { serial, at, id: at.slice(at.lastIndexOf('#') + 1) };
}

/** Orders the outcomes of one event, read backwards, by when they came: as the steps of its slip were done. */
function earlierFirst(now: number): string {
  return String(1e15 - now).padStart(16, '0');
}

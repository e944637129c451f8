/**
 * An event that names only a user means the user's tokens at that moment, siblings are the owner's at that moment, and
 * a token that is made for the owner of the event's token is made for the one of that moment.
 * Where its own steps take a token from that user (delete, unassign), a redelivery would find others than the first
 * delivery did; so the first one's answer is kept for as long as deliveries may be repeated.
 */
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { unlessRefused } from '../aws/dynamodb.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { eventKey } from '../event/step-id.ts';
import { parse } from '../schema/validate.ts';

/** @returns the serials as the first delivery of the event found them */
export type RememberSerials = (
  event: AuthEvent,
  found: readonly string[],
  kind: SerialsKind,
) => Promise<readonly string[]>;
/** The user's tokens, the siblings of the event's, or, as JSON, its owner. */
type SerialsKind = 'serials' | 'siblings' | 'owner';

/** Only looks the answer up, and keeps none. */
export function recallSerials(client: DynamoDBDocumentClient, table: string): RememberSerials {
  return async (event, found, kind) => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: keyOf(event, kind) }));
    return Item === undefined ? found : parse(Resolution, Item, 'bad_item').serials;
  };
}

const Resolution = z.lazy(() => z.looseObject({ serials: z.array(z.string()) }));

/** Keeps the answers beside the directory. @param maxAge in milliseconds after the event occurred, at least */
export function rememberSerials(
  client: DynamoDBDocumentClient,
  table: string,
  now: () => number,
  maxAge: number,
): RememberSerials {
  return async (event, found, kind) => {
    const key = keyOf(event, kind);
    const expires = Math.ceil((now() + maxAge) / 1000);
    const put = new PutCommand({
      TableName: table,
      Item: { ...key, serials: found, expires },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    if (await unlessRefused(client.send(put))) return found;
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
    return Item === undefined ? found : parse(Resolution, Item, 'bad_item').serials;
  };
}

function keyOf(event: AuthEvent, kind: SerialsKind) {
  return { pk: `resolution#${eventKey(event)}`, sk: kind };
}

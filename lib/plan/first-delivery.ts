/**
 * The first-delivery snapshot: what planning found when an event was delivered for the first time.
 *
 * An event that names only a user is about the tokens that the user has at that moment. Where the event's own steps
 * change who owns which token (delete, unassign, enroll), a redelivery would find other tokens. Planning therefore
 * stores what the first delivery found, for as long as the event may be delivered again.
 */
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { unlessRefused } from '../aws/dynamodb.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { eventKey } from '../event/step-id.ts';
import { parse } from '../schema/validate.ts';

/** The kinds of snapshots: the serials of the user's tokens or of the token's siblings, or the owner of the token as JSON. */
type SnapshotKind = 'serials' | 'siblings' | 'owner';

/** @returns what the first delivery of the event found; `found` if this is the first one */
export type FirstDelivery = (
  event: AuthEvent,
  found: readonly string[],
  kind: SnapshotKind,
) => Promise<readonly string[]>;

/** Reads snapshots, and stores none: for dry runs. */
export function readFirstDelivery(client: DynamoDBDocumentClient, table: string): FirstDelivery {
  return async (event, found, kind) => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: keyOf(event, kind) }));
    return Item === undefined ? found : parse(Snapshot, Item, 'bad_item').serials;
  };
}

const Snapshot = z.lazy(() => z.looseObject({ serials: z.array(z.string()) }));

/**
 * Stores the snapshot of a first delivery, and reads it at each later one.
 *
 * @param table the directory's
 * @param maxAge how long a snapshot is kept at least, in milliseconds
 */
export function keepFirstDelivery(
  client: DynamoDBDocumentClient,
  table: string,
  now: () => number,
  maxAge: number,
): FirstDelivery {
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
    return Item === undefined ? found : parse(Snapshot, Item, 'bad_item').serials;
  };
}

function keyOf(event: AuthEvent, kind: SnapshotKind) {
  return { pk: `resolution#${eventKey(event)}`, sk: kind };
}

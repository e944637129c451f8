/**
 * Stores reservations: while a step counts a user's tokens and creates one, no other step may do the same for that user.
 * A reservation is an item in the directory's table that expires after a minute. It names the step that holds it, so
 * that a redelivery of that step passes, and the token that the step creates, so that the next step can count it.
 *
 *   the holder counts and creates its token | the next step counts that token too | after a minute: free
 */
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { unlessRefused } from '../aws/dynamodb.ts';
import type { UserIdentity } from '../directory/user.ts';
import { parse } from '../schema/validate.ts';
import { ownerKey } from '../token/item.ts';

const Reservation = z.lazy(() =>
  z.looseObject({
    /** The step that holds it. */
    step: z.string(),
    /** The serial of the token that it creates. */
    serial: z.string(),
    /** The serials of tokens that the holders before it have created: an index may not show them yet. */
    made: z.array(z.string()),
    /** In milliseconds since 1970. */
    until: z.number(),
  }),
);
export type Reservation = z.output<typeof Reservation>;

type ReservationOwner = Pick<UserIdentity, 'resolver' | 'uid'>;

export interface Reservations {
  /**
   * Takes a user's reservation.
   * @param over the reservation to take over: its holder has created its token
   * @returns `null`: it is taken; else the reservation of the other holder
   */
  take(user: ReservationOwner, wanted: Omit<Reservation, 'until'>, over?: Reservation): Promise<Reservation | null>;
  /** Releases it, if that step still holds it. */
  release(user: ReservationOwner, step: string): Promise<void>;
}

const MINUTE_MS = 60_000;

/**
 * Opens the store.
 *
 * @param table the directory's
 * @param now the writer's clock, in milliseconds since 1970
 */
export function reservations(client: DynamoDBDocumentClient, table: string, now: () => number): Reservations {
  const keyOf = (user: ReservationOwner) => ({ pk: `reservation#${ownerKey(user)}`, sk: 'reservation' });
  return {
    async take(user, wanted, over) {
      const key = keyOf(user);
      const until = now() + MINUTE_MS;
      const free = 'attribute_not_exists(pk) OR #until <= :now';
      const put = new PutCommand({
        TableName: table,
        Item: { ...key, ...wanted, until, expires: Math.ceil(until / 1000) },
        ConditionExpression: over ? `${free} OR #step = :over` : free,
        ExpressionAttributeNames: { '#until': 'until', ...(over ? { '#step': 'step' } : {}) },
        ExpressionAttributeValues: { ':now': now(), ...(over ? { ':over': over.step } : {}) },
      });
      if (await unlessRefused(client.send(put))) return null;
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
      return Item === undefined ? this.take(user, wanted) : parse(Reservation, Item, 'bad_item');
    },

    async release(user, step) {
      // Lets it expire at once instead of deleting it: roles may put reservations, but not delete items.
      const put = new PutCommand({
        TableName: table,
        Item: { ...keyOf(user), step, serial: '', made: [], until: now(), expires: Math.ceil(now() / 1000) },
        ConditionExpression: '#step = :step',
        ExpressionAttributeNames: { '#step': 'step' },
        ExpressionAttributeValues: { ':step': step },
      });
      await unlessRefused(client.send(put));
    },
  };
}

/**
 * Where a condition counts a user's tokens, two steps at once must not both find none: each takes the user's
 * reservation before it counts. It is an item beside the directory, gone after a minute; its holder is a step, so that
 * a redelivery passes, and whoever comes second finds out there which token the holder makes.
 *
 *   holder counts, makes its token ......... | the next one counts that token too | a minute: free again
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
    /** The token that it makes. */
    serial: z.string(),
    /** What the holders before it, not long ago, have made: an index may not show it yet. */
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
   * @param over the one to take over: its holder has done its work
   * @returns `null`: it is ours; else who holds it
   */
  take(user: ReservationOwner, wanted: Omit<Reservation, 'until'>, over?: Reservation): Promise<Reservation | null>;
  /** Gives it back, where that step still holds it: it makes no token after all. */
  release(user: ReservationOwner, step: string): Promise<void>;
}

const MINUTE_MS = 60_000;

/** @param now the writer's clock, in milliseconds since 1970 */
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
      // Over at once: an item that is over is free, and a role that may take reservations needs no right to delete.
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

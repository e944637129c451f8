/** Stores the progress of a rotation in the item of the newest data key, so that a later call can continue it. */
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { parse } from '../../lib/schema/validate.ts';

const State = z.object({
  /** When the rotation began, in milliseconds since 1970; absent for a key that no rotation made. */
  rotated_at: z.optional(z.int()),
  /** The last serial of the pages that are done. */
  cursor: z.optional(z.string()),
  done: z.optional(z.boolean()),
});
export type RotationState = z.output<typeof State>;

export interface RotationNotes {
  /** Reads the progress. @param version of the data key */
  read(version: number): Promise<RotationState>;
  /** Replaces the progress; absent fields are reset. */
  write(version: number, state: RotationState): Promise<void>;
}

/** Opens the progress of rotations. @param table that of the data keys */
export function rotationNotes(client: DynamoDBDocumentClient, table: string): RotationNotes {
  const keyOf = (version: number) => ({ ring: 'data', version });
  return {
    async read(version) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: keyOf(version), ConsistentRead: true }),
      );
      return parse(State, Item ?? {}, 'bad_item');
    },
    async write(version, { rotated_at, cursor = '', done = false }) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: keyOf(version),
          UpdateExpression: 'SET rotated_at = :at, #cursor = :cursor, #done = :done',
          ExpressionAttributeNames: { '#cursor': 'cursor', '#done': 'done' },
          ExpressionAttributeValues: { ':at': rotated_at, ':cursor': cursor, ':done': done },
        }),
      );
    },
  };
}

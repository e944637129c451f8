/**
 * Stores bulk runs in DynamoDB: an item for each run, one for each of its lanes, and for each definition the lease of
 * the run that may walk. All items expire some time after their last write.
 */
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { unlessRefused } from '../aws/dynamodb.ts';
import { parse } from '../schema/validate.ts';
import { isFinished, Lane } from './lane.ts';

/** A run as it is stored. */
const RunItem = z.object({
  state: z.enum(['running', 'finished', 'refused']),
  lanes: z.int(),
  /** Whether the first turn of every lane was put on the bus. */
  started: z.boolean(),
  /** The run that held the lease, if this run was refused. */
  by: z.optional(z.string()),
});
export type RunItem = z.output<typeof RunItem>;

const LeaseItem = z.object({ run: z.string(), until: z.number() });

/** The permission of a run to walk through a definition's tokens; `fresh`: no run held the lease before. */
export interface Lease {
  readonly run: string;
  readonly fresh: boolean;
}

export interface BulkStore {
  /** Takes a definition's lease if it is free. Does not extend a lease that the run has already. */
  takeLease(definition: number, run: string): Promise<Lease>;
  /** Extends the run's lease, or takes it if it is free. @returns the run that holds it */
  renewLease(definition: number, run: string): Promise<string>;
  /** Releases the lease, if the run holds it. */
  releaseLease(definition: number, run: string): Promise<void>;
  readRun(run: string): Promise<RunItem | undefined>;
  /** @returns false if the run exists already */
  createRun(run: string, item: RunItem): Promise<boolean>;
  /** Writes only these attributes: a run may be finished before its start has been noted. */
  noteRun(run: string, change: Partial<Pick<RunItem, 'state' | 'started'>>): Promise<void>;
  readLane(run: string, lane: number): Promise<Lane | undefined>;
  /** Writes a lane with its next turn. @returns false if another delivery did */
  advanceLane(run: string, lane: number, to: Lane): Promise<boolean>;
  /** Notes that the page of a turn was put on the bus. */
  noteHanded(run: string, lane: number, turn: number): Promise<void>;
}

/** How long a lease lasts without a turn, in milliseconds. */
const LEASE_MS = 3_600_000;

const leaseKey = (definition: number) => ({ pk: `definition#${definition}`, sk: 'lease' });
const runKey = (run: string) => ({ pk: `run#${run}`, sk: 'run' });
const laneKey = (run: string, lane: number) => ({ pk: `run#${run}`, sk: `lane#${String(lane).padStart(2, '0')}` });

/**
 * Opens the store.
 *
 * @param now the instance's clock, in milliseconds since 1970
 * @param keep how long a run is kept after its last write, in milliseconds: longer than redeliveries last
 */
export function bulkStore(client: DynamoDBDocumentClient, table: string, now: () => number, keep: number): BulkStore {
  const read = async <S extends z.ZodMiniType>(Key: { pk: string; sk: string }, schema: S) => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : parse(schema, Item, 'bad_item');
  };
  const expires = () => Math.ceil((now() + keep) / 1000);
  const put = (key: { pk: string; sk: string }, item: object, condition: Partial<PutCommandInput> = {}) =>
    unlessRefused(
      client.send(new PutCommand({ TableName: table, Item: { ...key, ...item, expires: expires() }, ...condition })),
    );

  const writeLease = (definition: number, run: string, alsoOurs: boolean) => {
    const until = now() + LEASE_MS;
    return unlessRefused(
      client.send(
        new PutCommand({
          TableName: table,
          Item: { ...leaseKey(definition), run, until, expires: Math.ceil(until / 1000) },
          ConditionExpression: `attribute_not_exists(pk) OR #until < :now${alsoOurs ? ' OR #run = :run' : ''}`,
          ExpressionAttributeNames: { '#until': 'until', ...(alsoOurs && { '#run': 'run' }) },
          ExpressionAttributeValues: { ':now': now(), ...(alsoOurs && { ':run': run }) },
        }),
      ),
    );
  };

  const holdLease = async (definition: number, run: string, alsoOurs: boolean): Promise<Lease> => {
    if (await writeLease(definition, run, alsoOurs)) return { run, fresh: true };
    const holder = await read(leaseKey(definition), LeaseItem);
    // It was released in between, and is free now.
    return holder === undefined ? holdLease(definition, run, alsoOurs) : { run: holder.run, fresh: false };
  };

  return {
    takeLease: (definition, run) => holdLease(definition, run, false),
    renewLease: async (definition, run) => (await holdLease(definition, run, true)).run,

    async releaseLease(definition, run) {
      await unlessRefused(
        client.send(
          new DeleteCommand({
            TableName: table,
            Key: leaseKey(definition),
            ConditionExpression: '#run = :run',
            ExpressionAttributeNames: { '#run': 'run' },
            ExpressionAttributeValues: { ':run': run },
          }),
        ),
      );
    },

    readRun: (run) => read(runKey(run), RunItem),
    createRun: (run, item) => put(runKey(run), item, { ConditionExpression: 'attribute_not_exists(pk)' }),
    async noteRun(run, change) {
      const given = Object.entries({ ...change, expires: expires() });
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: runKey(run),
          UpdateExpression: `SET ${given.map(([name]) => `#${name} = :${name}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
        }),
      );
    },

    readLane: (run, lane) => read(laneKey(run, lane), Lane),
    advanceLane: (run, lane, to) =>
      put(laneKey(run, lane), to, {
        ConditionExpression: to.turn === 1 ? 'attribute_not_exists(pk)' : 'turn = :before',
        ...(to.turn === 1 ? {} : { ExpressionAttributeValues: { ':before': to.turn - 1 } }),
      }),

    async noteHanded(run, lane, turn) {
      await unlessRefused(
        client.send(
          new UpdateCommand({
            TableName: table,
            Key: laneKey(run, lane),
            UpdateExpression: 'SET handed = :turn',
            ConditionExpression: 'turn = :turn',
            ExpressionAttributeValues: { ':turn': turn },
          }),
        ),
      );
    },
  };
}

/** Reads the lanes of a finished run. @returns `null` while one of them is under way */
export async function finishedLanes(store: BulkStore, run: string, lanes: number): Promise<readonly Lane[] | null> {
  const all = await Promise.all(Array.from({ length: lanes }, (_, lane) => store.readLane(run, lane)));
  const finished = all.filter((lane) => lane !== undefined && isFinished(lane));
  return finished.length === lanes ? finished.filter((lane) => lane !== undefined) : null;
}

/**
 * Bulk runs in DynamoDB: an item for each run, one for each of its lanes, and for each definition the lease of the run
 * that may walk. All of them go by themselves, some time after the last sign of life.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { parse } from '../validate.ts';
import { isFinished, Lane } from './lane.ts';

/** What is known of a run. */
const RunItem = z.object({
  state: z.enum(['running', 'finished', 'refused']),
  lanes: z.int(),
  /** Whether every lane has had its first turn put on the bus. */
  started: z.boolean(),
  /** The run that stood in the way of one that was refused. */
  by: z.optional(z.string()),
});
export type RunItem = z.output<typeof RunItem>;

const LeaseItem = z.object({ run: z.string(), until: z.number() });

/** Whose turn it is to walk a definition's tokens: ours (`fresh`: it was not before), or another run's. */
export type Lease = { readonly ours: true; readonly fresh: boolean } | { readonly ours: false; readonly run: string };

export interface BulkStore {
  /** Takes a definition's lease, or makes it last longer. */
  takeLease(definition: number, run: string): Promise<Lease>;
  releaseLease(definition: number, run: string): Promise<void>;
  readRun(run: string): Promise<RunItem | undefined>;
  /** @returns false where the run is known already */
  createRun(run: string, item: RunItem): Promise<boolean>;
  updateRun(run: string, item: RunItem): Promise<void>;
  readLane(run: string, lane: number): Promise<Lane | undefined>;
  /** Writes a lane one turn on. @returns false where somebody else did */
  advanceLane(run: string, lane: number, to: Lane): Promise<boolean>;
  /** Notes that the page of a turn is on the bus. */
  noteHanded(run: string, lane: number, turn: number): Promise<void>;
}

/** Without a sign of life for so long, a run stands in nobody's way, in milliseconds. */
const LEASE = 3_600_000;

const LEASED = { sk: 'lease' };
const leaseKey = (definition: number) => ({ pk: `definition#${definition}`, ...LEASED });
const runKey = (run: string) => ({ pk: `run#${run}`, sk: 'run' });
const laneKey = (run: string, lane: number) => ({ pk: `run#${run}`, sk: `lane#${String(lane).padStart(2, '0')}` });

/** @param keep how long a run is remembered after its last turn, in milliseconds: past every redelivery */
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

  return {
    async takeLease(definition, run) {
      const until = now() + LEASE;
      try {
        const { Attributes } = await client.send(
          new UpdateCommand({
            TableName: table,
            Key: leaseKey(definition),
            UpdateExpression: 'SET #run = :run, #until = :until, #expires = :expires',
            ConditionExpression: 'attribute_not_exists(pk) OR #run = :run OR #until < :now',
            ExpressionAttributeNames: { '#run': 'run', '#until': 'until', '#expires': 'expires' },
            ExpressionAttributeValues: {
              ':run': run,
              ':until': until,
              ':now': now(),
              ':expires': Math.ceil(until / 1000),
            },
            ReturnValues: 'ALL_OLD',
          }),
        );
        const before = Attributes && parse(LeaseItem, Attributes, 'bad_item');
        return { ours: true, fresh: before?.run !== run || before.until < now() };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const holder = await read(leaseKey(definition), LeaseItem);
        // Released in between: it is free now.
        return holder === undefined ? this.takeLease(definition, run) : { ours: false, run: holder.run };
      }
    },

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
    updateRun: async (run, item) => {
      await put(runKey(run), item);
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

/** The lanes of a run; `null` while one of them is under way. */
export async function finishedLanes(store: BulkStore, run: string, lanes: number): Promise<readonly Lane[] | null> {
  const all = await Promise.all(Array.from({ length: lanes }, (_, lane) => store.readLane(run, lane)));
  const finished = all.filter((lane) => lane !== undefined && isFinished(lane));
  return finished.length === lanes ? finished.filter((lane) => lane !== undefined) : null;
}

async function unlessRefused(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

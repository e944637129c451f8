/**
 * The baseline of a step of "change failcounter": handlers by hand that make the same `UpdateItem`: alone, with the
 * other calls of a step, and wrapped in Powertools' idempotency, which is the usual way to do a step exactly once.
 */
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import type { Tables } from '../../cli/stack/environment.ts';

export interface StepEvent {
  readonly detail: { readonly event: { readonly id: string }; readonly serial: string };
}
type Handler = (event: StepEvent) => Promise<unknown>;

const IDEMPOTENCY_TABLE = 'idempotency';

/** Makes the handlers, by name, on the tables of the environment. */
export async function handlersByHand({ tokens, results }: Tables, lambdaContext: Context) {
  const dynamodb = new DynamoDBClient({});
  const documents = DynamoDBDocumentClient.from(dynamodb);
  const eventBridge = new EventBridgeClient({});
  await createIdempotencyTable(dynamodb);

  const keyOf = ({ detail }: StepEvent) => ({ serial: `bare-${detail.serial}` });
  const update: Handler = async (event) => {
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName: tokens,
        Key: keyOf(event),
        UpdateExpression: 'ADD failcount :one',
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return { failcount: Attributes?.failcount ?? null };
  };
  const updateAndAnnounce: Handler = async (event) => {
    const changes = await update(event);
    const Detail = JSON.stringify({ id: event.detail.event.id, status: 'done', serial: event.detail.serial, changes });
    const entry = { EventBusName: results, Source: 'bench', DetailType: 'done', Detail };
    await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
  };
  const readUpdateAndAnnounce: Handler = async (event) => {
    await documents.send(new GetCommand({ TableName: tokens, Key: keyOf(event), ConsistentRead: true }));
    await updateAndAnnounce(event);
  };
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'detail.event.id', lambdaContext });
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: IDEMPOTENCY_TABLE, awsSdkV3Client: dynamodb });
  return {
    update,
    updateAndAnnounce,
    readUpdateAndAnnounce,
    updateOnce: makeIdempotent(update, { persistenceStore, config }),
    updateAndAnnounceOnce: makeIdempotent(updateAndAnnounce, { persistenceStore, config }),
  };
}

async function createIdempotencyTable(dynamodb: DynamoDBClient): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: IDEMPOTENCY_TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
}

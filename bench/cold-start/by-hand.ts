/** The baseline of cold starts: the two SDK clients that every action needs, and nothing else. */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

const dynamodb = new DynamoDBClient({});
const eventBridge = new EventBridgeClient({});

export const handler = async (event: { readonly id: string }): Promise<void> => {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: process.env.TOKENS_TABLE,
      Key: { serial: { S: event.id } },
      UpdateExpression: 'ADD failcount :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  const entry = {
    EventBusName: process.env.BUS_NAME,
    Source: 'bench',
    DetailType: 'done',
    Detail: JSON.stringify(event),
  };
  await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
};

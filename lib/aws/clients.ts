/**
 * The AWS clients of a process. Endpoints and credentials come from the environment, as the SDK reads it
 * (`AWS_ENDPOINT_URL_DYNAMODB`, ...): nothing here knows where it runs.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Well below a function's timeout, so that a call that hangs is tried again and not cut off. */
const REQUEST_HANDLER = { connectionTimeout: 1000, requestTimeout: 3000 };

export function documentClient(): DynamoDBDocumentClient {
  const marshallOptions = { removeUndefinedValues: true };
  return DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler: REQUEST_HANDLER }), { marshallOptions });
}

export function eventBridgeClient(): EventBridgeClient {
  return new EventBridgeClient({ requestHandler: REQUEST_HANDLER });
}

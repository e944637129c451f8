/**
 * Makes the AWS clients of a process. Endpoints and credentials come from the environment, as the SDK reads it
 * (`AWS_ENDPOINT_URL_DYNAMODB`, ...), so that the same code runs on AWS and on the local stack.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const CONNECTION_TIMEOUT_MS = 1000;
const REQUEST_TIMEOUT_MS = 3000;

/** @param requestTimeout how long an answer may take, in milliseconds */
export function documentClient(requestTimeout = REQUEST_TIMEOUT_MS): DynamoDBDocumentClient {
  const marshallOptions = { removeUndefinedValues: true };
  const client = new DynamoDBClient({ requestHandler: requestHandler(requestTimeout) });
  return DynamoDBDocumentClient.from(client, { marshallOptions });
}

/** @param requestTimeout how long an answer may take, in milliseconds */
export function eventBridgeClient(requestTimeout = REQUEST_TIMEOUT_MS): EventBridgeClient {
  return new EventBridgeClient({ requestHandler: requestHandler(requestTimeout) });
}

/** Returns the time limits of all clients. @param requestTimeout how long an answer may take, in milliseconds */
export function requestHandler(requestTimeout: number = REQUEST_TIMEOUT_MS) {
  return { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout, throwOnRequestTimeout: true };
}

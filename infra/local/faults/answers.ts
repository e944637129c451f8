/** How each service refuses, by the names that AWS gives: throttled, and failed. */
import type { Answer } from './forward.ts';
import type { ServiceName } from './specification.ts';

const THROTTLED: Readonly<Record<ServiceName, string>> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  events: 'ThrottlingException',
  sqs: 'com.amazonaws.sqs#RequestThrottled',
  kms: 'ThrottlingException',
};
const FAILED: Readonly<Record<ServiceName, string>> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
  events: 'InternalException',
  sqs: 'com.amazonaws.sqs#InternalError',
  kms: 'KMSInternalException',
};

export function answersOf(service: ServiceName): Readonly<Record<'throttle' | 'error', Answer>> {
  return { throttle: refusal(400, THROTTLED[service]), error: refusal(500, FAILED[service]) };
}

function refusal(status: number, type: string): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type };
  return { status, headers, body: JSON.stringify({ __type: type, message: 'injected fault' }) };
}

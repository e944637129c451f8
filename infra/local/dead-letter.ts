/**
 * The two forms of a dead letter. EventBridge writes the event as it would have been handed over, with rule and reason
 * as message attributes. Lambda writes a record that contains the event and the error of the last attempt.
 *
 * Source: EventBridge, "Using dead-letter queues"; Lambda, "Capturing records of asynchronous invocations".
 */
import { randomUUID } from 'node:crypto';
import type { Message } from './queues.ts';
import type { BusRule, RuleTarget } from './rules.ts';
import type { LambdaFunction } from './wiring.ts';

/** The reason why EventBridge could not hand an event over. */
export interface HandOverFailure {
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  /** Absent if another attempt could not have helped. */
  readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAge';
}

export function handOverAttributes(rule: BusRule, target: RuleTarget, failure: HandOverFailure): Message['attributes'] {
  const values: Readonly<Record<string, string | undefined>> = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    RETRY_ATTEMPTS: failure.exhausted && String(failure.attempts),
    EXHAUSTED_RETRY_CONDITION: failure.exhausted,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, StringValue]) =>
      StringValue === undefined ? [] : [[name, { DataType: 'String', StringValue }]],
    ),
  );
}

/** Makes the record that Lambda sends to the on-failure destination of a function. */
export function invocationRecord(
  lambda: LambdaFunction,
  payload: unknown,
  error: unknown,
  attempts: number,
  condition: 'RetriesExhausted' | 'EventAgeExceeded',
): object {
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: randomUUID(),
      functionArn: `${lambda.arn}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: payload,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: describe(error),
  };
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) return { errorMessage: String(error), errorType: 'Error', trace: [] };
  return { errorMessage: error.message, errorType: error.name, trace: error.stack?.split('\n') ?? [] };
}

/**
 * The package for other projects: `import { putAuthEvent, type AuthEvent, type Outcome } from 'tokenwright'`.
 * The types are generated from the schemas; docs/reference/ describes them in prose.
 */
import type { BulkSummary, Outcome } from './types.ts';

export {
  type AuthEventFault,
  AuthEventsRefused,
  type PutOptions,
  type PutResult,
  putAuthEvent,
  putAuthEvents,
} from './put-auth-events.ts';
export type { AuthEvent, BulkSummary, Conditions, Definition, Outcome } from './types.ts';

/** An event of the results bus about one step, as a rule delivers it to a Lambda function or an SQS queue. */
export interface OutcomeEvent {
  readonly id: string;
  readonly source: 'tokenwright';
  readonly 'detail-type': `token.action.${Outcome['status']}`;
  readonly time: string;
  readonly detail: Outcome;
}

/** An event of the results bus about a bulk run on all tokens of a state. */
export interface BulkSummaryEvent {
  readonly id: string;
  readonly source: 'tokenwright';
  readonly 'detail-type': 'token.action.bulk';
  readonly time: string;
  readonly detail: BulkSummary;
}

/**
 * Tells the two kinds of events of the results bus apart.
 *
 * @example if (isOutcome(event) && event.detail.status === 'failed') notify(event.detail.reason?.code);
 */
export function isOutcome(event: OutcomeEvent | BulkSummaryEvent): event is OutcomeEvent {
  return event['detail-type'] !== 'token.action.bulk';
}

/**
 * What other projects import: `import { putAuthEvent, type AuthEvent, type Outcome } from 'tokenwright'`.
 * The types are made from the schemas; docs/reference/ says the same in prose.
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

/** An event of the results bus about one step, as a Lambda or an SQS queue behind one of your rules gets it. */
export interface OutcomeEvent {
  readonly id: string;
  readonly source: 'tokenwright';
  readonly 'detail-type': `token.action.${Outcome['status']}`;
  readonly time: string;
  readonly detail: Outcome;
}

/** An event of the results bus about a whole run over the tokens of a state. */
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

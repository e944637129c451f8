/** Puts auth events into a stack, and collects their outcomes. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';
import type { HttpAnswer } from '../../infra/local/api/http-api.ts';
import type { Envelope } from '../../infra/local/envelope.ts';
import type { Stack } from '../../infra/local/stack.ts';
import { dropSecrets } from '../../lib/event/boundary.ts';
import { BULK_SUMMARY, type BulkSummary } from '../../lib/event/bulk.ts';
import type { Outcome } from '../../lib/event/outcome.ts';
import { publisher } from '../../lib/event/publish.ts';
import type { ScenarioEvent } from './scenario.ts';

/** Collects each outcome once, by its id, as a consumer of the results bus does. */
export class OutcomeLog {
  readonly #byId = new Map<string, Outcome>();
  readonly #runs = new Map<string, BulkSummary>();

  add(outcome: Outcome): void {
    if (!this.#byId.has(outcome.id)) this.#byId.set(outcome.id, outcome);
  }

  /** Adds an outcome from the answer of `POST /pre`, which contains the response that is not put on the bus. */
  addAnswer(outcome: Outcome): void {
    const known = this.#byId.get(outcome.id);
    if (!known || (known.response === null && outcome.response !== null)) this.#byId.set(outcome.id, outcome);
  }

  /** Adds an event of the results bus. */
  addEvent({ 'detail-type': type, detail }: Pick<Envelope, 'detail-type' | 'detail'>): void {
    if (type === BULK_SUMMARY) {
      const summary = detail as unknown as BulkSummary;
      if (!this.#runs.has(summary.id)) this.#runs.set(summary.id, summary);
    } else this.add(detail as unknown as Outcome);
  }

  /** Returns the outcomes, in the order in which they came first. */
  get all(): readonly Outcome[] {
    return [...this.#byId.values()];
  }

  /** Returns the summaries of bulk runs. */
  get bulk(): readonly BulkSummary[] {
    return [...this.#runs.values()];
  }
}

const Answer = z.looseObject({ outcomes: z.array(z.custom<Outcome>()) });

export interface Playing {
  readonly stack: Pick<Stack, 'http' | 'idle'>;
  readonly bus: string;
  readonly log: OutcomeLog;
}

/** Puts one event on the bus, or calls `POST /pre` with it. @param copies the number of calls */
export async function playEvent(
  { envelope, event, arrived }: ScenarioEvent,
  playing: Playing,
  copies = 1,
): Promise<void> {
  if (event.position === 'post') {
    const publish = publisher(new EventBridgeClient({}));
    const { source, name } = event;
    const Time = new Date(arrived);
    const Detail = JSON.stringify(dropSecrets(envelope.detail).value);
    await publish([{ EventBusName: playing.bus, Source: source, DetailType: name, Time, Detail }]);
    return;
  }
  for (let copy = 0; copy < copies; copy += 1) {
    const { statusCode, body } = await postPre(envelope, arrived, playing.stack);
    if (statusCode !== 200) throw new Error(`POST /pre answered ${statusCode}: ${body}`);
    for (const outcome of Answer.parse(JSON.parse(body)).outcomes) playing.log.addAnswer(outcome);
  }
}

const ATTEMPTS = 20;

/** Calls `POST /pre`; as any client must, repeats a failed call with the same id. */
async function postPre(envelope: object, at: number, { http }: Pick<Stack, 'http'>): Promise<HttpAnswer> {
  const body = JSON.stringify(dropSecrets(envelope).value);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await http({ method: 'POST', path: '/pre', body, at });
    if (answer.statusCode < 500 || attempt === ATTEMPTS) return answer;
  }
}

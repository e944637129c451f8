/** Puts dead letters back until none is left, as an operator would after a fault. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Stack } from '../../infra/local/stack.ts';
import { putBack, type ReceivedDeadLetter, readDeadLetters, redrive } from '../stack/dead-letters.ts';
import type { Tables } from '../stack/environment.ts';

/**
 * After so many rounds, or so many dead letters, no more faults are injected: where every delivery is repeated and then
 * dropped, the number of dead letters would double with each round.
 */
const FAULTY_ROUNDS = 30;
const FAULTY_LETTERS = 500;

/** @returns how many were put back; malformed events stay in their queues */
export async function drainDeadLetters(stack: Pick<Stack, 'idle' | 'faults'>, tables: Tables): Promise<number> {
  const [sqs, events] = [new SQSClient({}), new EventBridgeClient({})];
  let redriven = 0;
  for (let round = 1; ; round += 1) {
    await stack.idle();
    if (round === FAULTY_ROUNDS || redriven > FAULTY_LETTERS) stack.faults.end();
    const letters: ReceivedDeadLetter[] = [];
    for await (const letter of readDeadLetters(sqs, tables.deadLetters)) letters.push(letter);
    const waiting = letters.filter(({ reason }) => !reason.startsWith('bad_event'));
    for (const letter of letters) if (!waiting.includes(letter)) await putBack(sqs, letter);
    if (waiting.length === 0 || round > 2 * FAULTY_ROUNDS) return redriven;
    for (const letter of waiting) await redrive(letter, tables, sqs, events);
    redriven += waiting.length;
  }
}

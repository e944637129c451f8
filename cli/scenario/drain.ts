/** Puts dead letters back until none is left, as an operator would after a fault. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Stack } from '../../infra/local/stack.ts';
import { putBack, type ReceivedDeadLetter, readDeadLetters, redrive } from '../stack/dead-letters.ts';
import type { Tables } from '../stack/environment.ts';

/**
 * Ends fault injection after this many rounds, or this many dead letters. If every delivery were repeated and then dropped,
 * the number of dead letters would double with each round.
 */
const FAULTY_ROUNDS = 30;
const FAULTY_DEAD_LETTERS = 500;

/** Puts back the dead letters of a stack. @returns how many; malformed events stay in their queues */
export async function drainDeadLetters(stack: Pick<Stack, 'idle' | 'faults'>, tables: Tables): Promise<number> {
  const [sqs, events] = [new SQSClient({}), new EventBridgeClient({})];
  let redriven = 0;
  for (let round = 1; ; round += 1) {
    await stack.idle();
    if (round === FAULTY_ROUNDS || redriven > FAULTY_DEAD_LETTERS) stack.faults.end();
    const received: ReceivedDeadLetter[] = [];
    for await (const deadLetter of readDeadLetters(sqs, tables.deadLetters)) received.push(deadLetter);
    const waiting = received.filter(({ reason }) => !reason.startsWith('bad_event'));
    for (const deadLetter of received) if (!waiting.includes(deadLetter)) await putBack(sqs, deadLetter);
    if (waiting.length === 0 || round > 2 * FAULTY_ROUNDS) return redriven;
    for (const deadLetter of waiting) await redrive(deadLetter, tables, sqs, events);
    redriven += waiting.length;
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Invocation, LocalDeadLetter } from '../../infra/local/delivery.ts';
import { openJournal } from '../../infra/local/journal.ts';
import { randomFrom } from '../../infra/local/pending.ts';
import type { Message } from '../../infra/local/queues.ts';
import type { Stack, StackOptions } from '../../infra/local/stack.ts';
import { FIXTURE, fixtureStack, put } from './fixture-stack.ts';

async function observedStack(options: StackOptions = {}) {
  const invocations: Invocation[] = [];
  const letters: LocalDeadLetter[] = [];
  const stack = await fixtureStack({
    onInvocation: (invocation) => invocations.push(invocation),
    onDeadLetter: (letter) => letters.push(letter),
    ...options,
  });
  return { stack, invocations, letters };
}

function messagesIn(stack: Stack, queue: string): readonly Message[] {
  const found = stack.queues.find(queue);
  return found ? stack.queues.peek(found) : [];
}

describe('delivery', () => {
  it('takes an event to the function of the rule that it meets, with that function’s own environment', async () => {
    const { stack, invocations } = await observedStack({ environment: { GREETING: 'hi' } });
    await put(stack, 'hello', { a: 1 });
    await put(stack, 'hello', { a: 2 }, 'stranger');
    await stack.idle();
    expect(invocations).toMatchObject([
      {
        functionName: 'fixture-local-say-hello',
        attempt: 1,
        result: {
          event: { source: 'sender', 'detail-type': 'hello', detail: { a: 1 } },
          greeting: 'hi',
          onlyHello: 'yes',
          table: 'fixture-local-things',
        },
      },
    ]);
  });

  it('keeps the variables of other functions out of a function', async () => {
    const { stack, invocations } = await observedStack();
    await put(stack, 'part', { who: 'A' });
    await stack.idle();
    expect(invocations).toMatchObject([{ functionName: 'fixture-local-part', result: { onlyHello: null } }]);
  });

  it('hands over what the rule’s input transformer makes of the event', async () => {
    const { stack, invocations } = await observedStack();
    await put(stack, 'part', { who: 'A "B"', list: [1, 'x'] });
    await stack.idle();
    expect(invocations).toMatchObject([{ event: { who: 'A "B"', text: 'dear A "B"', list: [1, 'x'] } }]);
  });

  it('takes an event to a queue that a rule names, and not by a disabled rule', async () => {
    const { stack } = await observedStack();
    await put(stack, 'copy', { a: 1 });
    await put(stack, 'hello', { a: 2 });
    await stack.idle();
    expect(messagesIn(stack, 'fixture-copies').map(({ body }) => JSON.parse(body).detail)).toEqual([{ a: 1 }]);
  });

  it('gives the process its environment back', async () => {
    expect(process.env.ONLY_HELLO).toBeUndefined();
    const { stack } = await observedStack();
    expect(process.env.ONLY_HELLO).toBe('yes');
    await stack.stop();
    expect(process.env.ONLY_HELLO).toBeUndefined();
  });
});

describe('what fails', () => {
  it('is tried again as often as the function says, then is in the dead-letter queue as Lambda writes it', async () => {
    const { stack, invocations, letters } = await observedStack();
    await put(stack, 'fail', { a: 1 });
    await stack.idle();
    expect(invocations.map(({ attempt, error }) => [attempt, String(error)])).toEqual([
      [1, 'RangeError: as always'],
      [2, 'RangeError: as always'],
    ]);
    const [message] = messagesIn(stack, 'fixture-dead');
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      version: '1.0',
      requestContext: {
        functionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:fixture-local-fail:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { 'detail-type': 'fail', detail: { a: 1 } },
      responseContext: { statusCode: 200, functionError: 'Unhandled' },
      responsePayload: { errorType: 'RangeError', errorMessage: 'as always' },
    });
    expect(letters).toMatchObject([{ queue: 'fixture-dead', reason: 'as always' }]);
  });

  it.each([
    ['a module that is not there', 'broken', 'functions.broken.handler: there is no functions/nowhere.ts'],
    ['a function that takes too long', 'slow', expect.stringContaining('timed out after 1.00 seconds')],
  ])('is %s', async (_, type, errorMessage) => {
    const { stack } = await observedStack();
    await put(stack, type);
    await stack.idle();
    const [message] = messagesIn(stack, 'fixture-dead');
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ responsePayload: { errorMessage } });
  });

  it('waits between two attempts as long as it is told to, and is not idle meanwhile', async () => {
    const delays: number[] = [];
    const retryDelay = (attempt: number) => delays.push(attempt) * 20;
    const { stack, invocations } = await observedStack({ retryDelay });
    await put(stack, 'fail');
    await stack.idle();
    expect(invocations).toHaveLength(2);
    expect(delays).toEqual([1]);
  });

  it('is in the dead-letter queue of the rule as EventBridge writes it, where there is no such target', async () => {
    const { stack, invocations } = await observedStack();
    await put(stack, 'nobody', { a: 1 });
    await stack.idle();
    const [message] = messagesIn(stack, 'fixture-dead');
    expect(invocations).toEqual([]);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ 'detail-type': 'nobody', detail: { a: 1 } });
    expect(message?.attributes).toMatchObject({
      RULE_ARN: { StringValue: 'arn:aws:events:eu-central-1:000000000000:rule/fixture-main/ToNobody' },
      TARGET_ARN: { StringValue: 'arn:aws:lambda:eu-central-1:000000000000:function:nobody' },
      ERROR_CODE: { StringValue: 'NO_RESOURCE' },
    });
    expect(message?.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it('is handed over again as often as the rule says', async () => {
    let attempts = 0;
    const handOver = () => {
      attempts += 1;
      throw new Error('no network');
    };
    const { stack, invocations } = await observedStack({ handOver });
    await put(stack, 'hello', { a: 1 });
    await stack.idle();
    expect([attempts, invocations]).toEqual([3, []]);
    expect(messagesIn(stack, 'fixture-dead')).toMatchObject([
      {
        attributes: {
          ERROR_MESSAGE: { StringValue: 'no network' },
          RETRY_ATTEMPTS: { StringValue: '2' },
          EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
        },
      },
    ]);
  });
});

describe('delivery several times', () => {
  async function orderOf(seed: number): Promise<unknown[]> {
    const { stack, invocations } = await observedStack({ delivery: { copies: 3, seed } });
    const release = stack.hold();
    for (const n of [1, 2, 3, 4]) await put(stack, 'part', { who: n });
    expect(invocations).toEqual([]);
    release();
    await stack.idle();
    return invocations.map(({ event }) => (event as { who: number }).who);
  }

  it('delivers every event that often, in an order that the seed fixes', async () => {
    const [seven, again, eight] = [await orderOf(7), await orderOf(7), await orderOf(8)];
    expect(seven.toSorted()).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
    expect(again).toEqual(seven);
    expect(eight).not.toEqual(seven);
  });

  it('draws the same numbers from the same seed', () => {
    const draw = randomFrom(7);
    expect([draw(100), draw(100), draw(100), draw(100)]).toEqual([1, 6, 97, 69]);
  });
});

describe('a data folder', () => {
  async function folder(): Promise<string> {
    const data = await mkdtemp(join(tmpdir(), 'tokenwright-'));
    onTestFinished(() => rm(data, { recursive: true }));
    return data;
  }

  it('keeps what was acknowledged and not yet delivered', async () => {
    const data = await folder();
    const first = await observedStack({ data });
    first.stack.hold();
    await put(first.stack, 'hello', { a: 1 });
    await first.stack.stop();

    const second = await observedStack({ data });
    await second.stack.idle();
    expect(first.invocations).toEqual([]);
    expect(second.invocations).toMatchObject([{ event: { detail: { a: 1 } } }]);

    await second.stack.stop();
    const third = await observedStack({ data });
    await third.stack.idle();
    expect(third.invocations).toEqual([]);
  });

  it('keeps what was acknowledged by a process that was killed', async () => {
    const data = await folder();
    const script = fileURLToPath(new URL('fixture/put-and-wait.ts', import.meta.url));
    const child = spawn(process.execPath, [script, FIXTURE, data], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = await once(child.stdout, 'data');
    expect(String(output)).toBe('acknowledged\n');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const { stack, invocations } = await observedStack({ data });
    await stack.idle();
    expect(invocations).toMatchObject([{ event: { detail: { a: 1 } } }]);
  });

  it('keeps dead letters until they are deleted', async () => {
    const data = await folder();
    const first = await observedStack({ data });
    await put(first.stack, 'nobody');
    await first.stack.idle();
    await first.stack.stop();

    const { stack } = await observedStack({ data });
    const queue = stack.queues.find('fixture-dead');
    const [message] = queue ? stack.queues.receive(queue) : [];
    expect(message?.attributes.ERROR_CODE).toEqual({ DataType: 'String', StringValue: 'NO_RESOURCE' });
    if (queue && message) stack.queues.delete(queue, message.receiptHandle);
    await stack.stop();
    expect(messagesIn((await observedStack({ data })).stack, 'fixture-dead')).toEqual([]);
  });

  it('survives a process that is killed in the middle of a line', async () => {
    const file = { path: join(await folder(), 'journal.jsonl'), secret: Buffer.alloc(32, 7) };
    const journal = openJournal(file, (value) => value);
    journal.add([
      ['1', 'one'],
      ['2', 'two'],
    ]);
    journal.done('1');
    await appendFile(file.path, '{"id":"3","val');
    expect(await readFile(file.path, 'utf8')).not.toContain('two');
    const again = openJournal(file, (value) => value);
    expect([...again.left]).toEqual([['2', 'two']]);
    again.close();
    journal.close();
  });
});

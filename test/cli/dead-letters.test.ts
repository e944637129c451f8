/** Runs on the deployed wiring in this process, where a function can be made to fail, and retries without a pause. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, type StackOptions, startStack } from '../../infra/local/stack.ts';
import type { Outcome } from '../../lib/event/outcome.ts';
import { callHere } from './in-process.ts';
import { CLONE, emptyFolder } from './tokenwright.ts';

const SCENARIO = {
  tokens: [{ serial: 'T1', tokentype: 'hotp' }],
  definitions: [
    { id: 1, name: 'off', event: 'token_lost', action: 'disable' },
    { id: 2, name: 'pin', event: 'token_lost', position: 'pre', action: 'set random pin' },
  ],
};
const LOST = { EventBusName: 'tokenwright', Source: 'helpdesk', DetailType: 'token_lost' };

async function seededStack(options: StackOptions): Promise<Stack> {
  const before = { ...process.env };
  const environment = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  const stack = await startStack({ root: CLONE, concurrency: 1, retryDelay: () => 0, environment, ...options });
  onTestFinished(async () => {
    await stack.stop();
    for (const name of Object.keys(stack.environment)) delete process.env[name];
    Object.assign(process.env, before);
  });
  connectTo(stack.environment);
  await seed(await readScenario(SCENARIO, 0), tablesOf(stack.environment));
  return stack;
}

/** A command in this process, on a stack at rest: a function that runs here has put its own environment over ours. */
async function command(stack: Stack, ...args: string[]): Promise<string> {
  await stack.idle();
  return (await callHere(...args)).stdout;
}

async function put(stack: Stack, detail: object): Promise<void> {
  const Detail = JSON.stringify(detail);
  await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [{ ...LOST, Detail }] }));
  await stack.idle();
}

describe('dlq', () => {
  it.each([
    ['a rule could not hand over', 'tokenwright-local-disable', 'tokenwright-local-StepDeadLetters'],
    ['a rule could not hand over to dispatch', 'tokenwright-local-dispatch', 'tokenwright-local-DispatchDeadLetters'],
  ])('puts back what %s', async (_, unreachable, queue) => {
    const outcomes: Outcome[] = [];
    let down = true;
    const stack = await seededStack({
      handOver: (name) => {
        if (down && name === unreachable) throw new Error('out of reach');
      },
      onEvent: (bus, { detail }) => void (bus === 'tokenwright-results' && outcomes.push(detail as unknown as Outcome)),
    });
    await put(stack, { id: 'lost-1', serial: 'T1' });
    const letters: unknown = JSON.parse(await command(stack, 'dlq', 'list', '--json', '--function', unreachable));
    expect(letters).toMatchObject([{ queue, function: unreachable, reason: expect.stringContaining('reach') }]);
    expect(await command(stack, 'dlq', 'list', '--json', '--function', 'unassign')).toBe('[]\n');
    expect(outcomes).toEqual([]);

    down = false;
    expect(await command(stack, 'dlq', 'redrive', '--json')).toBe('{"redriven":1,"left":0}\n');
    await stack.idle();
    expect(outcomes).toMatchObject([{ status: 'done', serial: 'T1', changes: { active: [true, false] } }]);
    expect(await command(stack, 'dlq', 'list', '--json')).toBe('[]\n');
  });

  it('puts back a step that its function gave up', async () => {
    const outcomes: Outcome[] = [];
    const stack = await seededStack({
      onEvent: (bus, { detail }) => void (bus === 'tokenwright-results' && outcomes.push(detail as unknown as Outcome)),
    });
    const { tokens } = tablesOf(stack.environment);
    const Key = { serial: { S: 'broken' } };
    await new DynamoDBClient({}).send(new PutItemCommand({ TableName: tokens, Item: Key }));
    await put(stack, { id: 'lost-1', serial: 'broken' });
    expect(JSON.parse(await command(stack, 'dlq', 'list', '--json'))).toMatchObject([
      {
        queue: 'tokenwright-local-StepDeadLetters',
        function: 'tokenwright-local-disable',
        reason: expect.stringContaining('the function failed'),
        event: { source: 'tokenwright', detail: { action: 'disable', serial: 'broken' } },
      },
    ]);
    await put(stack, { id: 'lost-2', serial: 'T1' });
    expect(outcomes).toMatchObject([{ status: 'done', serial: 'T1' }]);

    await new DynamoDBClient({}).send(new DeleteItemCommand({ TableName: tokens, Key }));
    await command(stack, 'dlq', 'redrive');
    await stack.idle();
    expect(outcomes[1]).toMatchObject({ status: 'failed', serial: 'broken', reason: { code: 'unknown_token' } });
  });
});

it('lists what, why and since when, puts back what the filter matches, and continues after what the bus refuses', async () => {
  const stack = await seededStack({});
  const time = '2026-03-15T10:20:30Z';
  const send = (body: object) => {
    const QueueUrl = stack.queues.find('tokenwright-local-DispatchDeadLetters')?.url;
    return new SQSClient({}).send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
  };
  const event = { source: 'helpdesk', 'detail-type': 'token_lost', time };
  await send({ ...event, id: 'poison', source: 'aws.refused', detail: { serial: 'T1' } });
  await send({ ...event, id: 'lost-1', detail: { serial: 'T1' } });
  await send({ ...event, id: 'lost-2', detail: { request: { serial: 'T2, T3' }, pin: '4711' } });

  const list = async (...filter: string[]) =>
    JSON.parse(await command(stack, 'dlq', 'list', '--json', ...filter)) as object[];
  const listed = await list('--serial', 'T3');
  expect(listed).toMatchObject([{ what: 'token_lost', serials: ['T2', 'T3'], event_id: 'lost-2' }]);
  expect(listed).toMatchObject([
    { since: expect.stringMatching(/^20\d\d-.*Z$/), queue: expect.stringContaining('Dispatch') },
  ]);
  expect(JSON.stringify(listed)).not.toContain('4711');
  expect(await list('--queue', 'Step')).toEqual([]);
  expect(await list('--action', 'disable')).toEqual([]);

  expect(await command(stack, 'dlq', 'redrive', '--json', '--event', 'lost-2')).toBe('{"redriven":1,"left":0}\n');
  expect(await command(stack, 'dlq', 'redrive', '--json')).toBe('{"redriven":1,"left":1}\n');
  expect(await command(stack, 'dlq', 'redrive', '--json')).toBe('{"redriven":0,"left":1}\n');
  expect(await list()).toMatchObject([{ event_id: 'poison' }]);

  await send({ ...event, id: 'lost-3', detail: { serial: 'T3' } });
  await stack.idle();
  expect(await callHere('dlq', 'delete')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('deletes nothing without a filter, or --all'),
  });
  expect(await command(stack, 'dlq', 'delete', '--serial', 'T3')).toBe('deleted 1 dead letter\n');
  expect(await list()).toMatchObject([{ event_id: 'poison' }]);
  expect(await command(stack, 'dlq', 'delete', '--json', '--all')).toBe('{"deleted":1}\n');
  expect(await list()).toEqual([]);
});

it('puts the events beside one that EventBridge refuses, and says which', async () => {
  const outcomes: Outcome[] = [];
  const stack = await seededStack({
    onEvent: (bus, { detail }) => void (bus === 'tokenwright-results' && outcomes.push(detail as unknown as Outcome)),
  });
  const file = join(await emptyFolder(), 'events.json');
  const lost = { 'detail-type': 'token_lost', detail: { serial: 'T1' } };
  await writeFile(file, JSON.stringify([{ ...lost, source: 'aws.refused' }, lost]));
  const { code, stdout, stderr } = await callHere('events', 'put', file);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^put 1 of 2 events on tokenwright\n/);
  expect(stderr).toMatch(
    /error not_put: line 1, event token_lost: EventBridge refuses the event: NotAuthorizedForSource/,
  );
  await stack.idle();
  expect(outcomes).toMatchObject([{ status: 'done', action: 'disable', serial: 'T1' }]);
});

it('announces a pre outcome on the results bus without its response', async () => {
  const outcomes: Outcome[] = [];
  const stack = await seededStack({
    onEvent: (bus, { detail }) => void (bus === 'tokenwright-results' && outcomes.push(detail as unknown as Outcome)),
  });
  const event = { source: 'helpdesk', 'detail-type': 'token_lost', detail: { id: 'lost-1', serial: 'T1' } };
  const { body } = await stack.http({ method: 'POST', path: '/pre', body: JSON.stringify(event) });
  const answer = JSON.parse(body) as { outcomes: Outcome[] };
  expect(answer.outcomes).toMatchObject([{ response: { detail: { pin: expect.any(String) } } }]);
  expect(outcomes).toEqual(answer.outcomes.map((outcome) => ({ ...outcome, response: null })));
});

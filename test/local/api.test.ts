/**
 * test/local proves that the local stack does what AWS does with patterns, deliveries, retries, dead letters and keys.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { DecryptCommand, GenerateDataKeyCommand, GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Envelope } from '../../infra/local/envelope.ts';
import { parseFaults } from '../../infra/local/faults/specification.ts';
import { BUS, connection, fixtureStack } from './fixture-stack.ts';

const ENTRY = { EventBusName: BUS, Source: 'sender', DetailType: 'nothing', Detail: '{"a":1}' };

describe('PutEvents', () => {
  it('delivers an envelope as EventBridge does', async () => {
    const seen: [string, Envelope][] = [];
    const stack = await fixtureStack({ onEvent: (bus, envelope) => seen.push([bus, envelope]) });
    const client = new EventBridgeClient(connection(stack));
    const Time = new Date('2026-03-15T10:20:30.750Z');
    const { Entries } = await client.send(
      new PutEventsCommand({ Entries: [{ ...ENTRY, Time, Resources: ['arn:x'] }] }),
    );
    expect(seen).toEqual([
      [
        BUS,
        {
          version: '0',
          id: Entries?.[0]?.EventId,
          'detail-type': 'nothing',
          source: 'sender',
          account: '000000000000',
          time: '2026-03-15T10:20:30Z',
          region: 'eu-central-1',
          resources: ['arn:x'],
          detail: { a: 1 },
        },
      ],
    ]);
    expect(stack.counts).toMatchObject({ 'events:PutEvents': 1 });
  });

  it.each([
    ['an unknown bus', { EventBusName: 'other' }, 'InvalidArgument'],
    ['no source', { Source: undefined }, 'InvalidArgument'],
    ['no detail type', { DetailType: undefined }, 'InvalidArgument'],
    ['a detail that is no JSON', { Detail: '{' }, 'MalformedDetail'],
    ['a detail that is no object', { Detail: '[1]' }, 'MalformedDetail'],
    ['a source of AWS', { Source: 'aws.ec2' }, 'NotAuthorizedForSource'],
  ])('refuses the entry with %s and takes the others', async (_, wrong, ErrorCode) => {
    const client = new EventBridgeClient(connection(await fixtureStack()));
    const answer = await client.send(new PutEventsCommand({ Entries: [{ ...ENTRY, ...wrong }, ENTRY] }));
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries).toMatchObject([{ ErrorCode }, { EventId: expect.any(String) }]);
  });

  it.each([
    ['eleven entries', Array.from({ length: 11 }, () => ENTRY)],
    ['no entry', []],
    ['1 MB', [{ ...ENTRY, Detail: JSON.stringify({ text: 'x'.repeat(1024 * 1024) }) }]],
  ])('refuses a request with %s', async (_, Entries) => {
    const client = new EventBridgeClient(connection(await fixtureStack()));
    await expect(client.send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('takes a bus by its ARN', async () => {
    const client = new EventBridgeClient(connection(await fixtureStack()));
    const EventBusName = `arn:aws:events:eu-central-1:000000000000:event-bus/${BUS}`;
    const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries: [{ ...ENTRY, EventBusName }] }));
    expect(FailedEntryCount).toBe(0);
  });
});

describe('TestEventPattern', () => {
  const Event = JSON.stringify({
    id: '1',
    account: '000000000000',
    source: 'sender',
    time: '2026-03-15T10:20:30Z',
    region: 'eu-central-1',
    resources: [],
    'detail-type': 'hello',
    detail: { n: 5 },
  });

  it.each([
    ['{"detail":{"n":[{"numeric":[">",4]}]}}', true],
    ['{"detail":{"n":[{"numeric":["<",4]}]}}', false],
  ])('answers whether %s matches', async (EventPattern, expected) => {
    const client = new EventBridgeClient(connection(await fixtureStack()));
    const { Result } = await client.send(new TestEventPatternCommand({ Event, EventPattern }));
    expect(Result).toBe(expected);
  });

  it('refuses an invalid pattern, naming what is wrong', async () => {
    const client = new EventBridgeClient(connection(await fixtureStack()));
    const command = new TestEventPatternCommand({ Event, EventPattern: '{"source":[{"prefx":"a"}]}' });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
      message: expect.stringContaining('source[0]'),
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('SQS', () => {
  it('gives a message with attributes until it is deleted', async () => {
    const stack = await fixtureStack();
    const client = new SQSClient({ ...connection(stack) });
    const QueueUrl = stack.queues.find('fixture-dead')?.url;
    const MessageAttributes = { ERROR_CODE: { DataType: 'String', StringValue: 'bad_event' } };
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"a":1}', MessageAttributes }));

    const receive = { QueueUrl, MessageAttributeNames: ['All'], VisibilityTimeout: 0 };
    const { Messages } = await client.send(new ReceiveMessageCommand(receive));
    expect(Messages).toMatchObject([{ Body: '{"a":1}', MessageAttributes }]);

    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
    expect((await client.send(new ReceiveMessageCommand(receive))).Messages).toBeUndefined();
  });

  it('hides a message that somebody has received', async () => {
    const stack = await fixtureStack();
    const client = new SQSClient(connection(stack));
    const QueueUrl = stack.queues.find('fixture-dead')?.url;
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
  });

  it('shows a message at once that its receiver lets go', async () => {
    const stack = await fixtureStack();
    const client = new SQSClient(connection(stack));
    const QueueUrl = stack.queues.find('fixture-dead')?.url;
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
  });

  it('refuses a queue that is not there', async () => {
    const stack = await fixtureStack();
    const client = new SQSClient(connection(stack));
    const QueueUrl = `${stack.endpoints.eventbridge}/000000000000/nope`;
    await expect(client.send(new ReceiveMessageCommand({ QueueUrl }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });
});

describe('KMS', () => {
  const Message = new TextEncoder().encode('step 1');
  const mac = { KeyId: 'Hmac', MacAlgorithm: 'HMAC_SHA_256', Message } as const;

  it('gives the same MAC again', async () => {
    const client = new KMSClient(connection(await fixtureStack()));
    const first = await client.send(new GenerateMacCommand(mac));
    const second = await client.send(new GenerateMacCommand(mac));
    expect(first.Mac).toHaveLength(32);
    expect(second.Mac).toEqual(first.Mac);
  });

  it('decrypts only under the encryption context of the encryption', async () => {
    const client = new KMSClient(connection(await fixtureStack()));
    const EncryptionContext = { serial: 'HOTP1', purpose: 'otpkey' };
    const { CiphertextBlob, Plaintext: dataKey } = await client.send(
      new GenerateDataKeyCommand({ KeyId: 'Secrets', KeySpec: 'AES_256', EncryptionContext }),
    );
    const { Plaintext } = await client.send(
      new DecryptCommand({ CiphertextBlob, EncryptionContext: { purpose: 'otpkey', serial: 'HOTP1' } }),
    );
    expect(Plaintext).toEqual(dataKey);
    const other = client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { serial: 'HOTP2' } }));
    await expect(other).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('knows only the keys of the stack, each for its own use', async () => {
    const client = new KMSClient(connection(await fixtureStack()));
    const unknown = client.send(new GenerateMacCommand({ ...mac, KeyId: 'nope' }));
    await expect(unknown).rejects.toMatchObject({ name: 'NotFoundException' });
    const misused = client.send(new GenerateMacCommand({ ...mac, KeyId: 'Secrets' }));
    await expect(misused).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
  });

  it('keeps its key in a file that only its owner may read', async () => {
    const data = await mkdtemp(join(tmpdir(), 'tokenwright-'));
    onTestFinished(() => rm(data, { recursive: true }));
    const stack = await fixtureStack({ data });
    const first = await new KMSClient(connection(stack)).send(new GenerateMacCommand(mac));
    await stack.stop();
    const again = await new KMSClient(connection(await fixtureStack({ data }))).send(new GenerateMacCommand(mac));
    expect(again.Mac).toEqual(first.Mac);
    expect((await stat(join(data, 'kms.key'))).mode & 0o777).toBe(0o600);
    const inMemory = await new KMSClient(connection(await fixtureStack())).send(new GenerateMacCommand(mac));
    expect(inMemory.Mac).not.toEqual(first.Mac);
  });
});

describe('the other endpoints', () => {
  it('has the tables, and counts the calls', async () => {
    const stack = await fixtureStack();
    const client = new DynamoDBClient({ ...connection(stack), endpoint: stack.endpoints.dynamodb });
    const TableName = 'fixture-local-things';
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' } } }));
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }));
    expect(Item).toEqual({ id: { S: 'a' } });
    expect(stack.counts).toMatchObject({ 'dynamodb:PutItem': 1, 'dynamodb:GetItem': 1 });
  });

  it('keeps the items of a data folder', async () => {
    const data = await mkdtemp(join(tmpdir(), 'tokenwright-'));
    onTestFinished(() => rm(data, { recursive: true }));
    const table = { TableName: 'fixture-local-things' };
    const first = await fixtureStack({ data });
    const before = new DynamoDBClient({ ...connection(first), endpoint: first.endpoints.dynamodb });
    await before.send(new PutItemCommand({ ...table, Item: { id: { S: 'a' } } }));
    await first.stop();
    const { endpoints, wiring } = await fixtureStack({ data });
    const after = new DynamoDBClient({ ...connection(first), endpoint: endpoints.dynamodb, region: wiring.region });
    const { Item } = await after.send(new GetItemCommand({ ...table, Key: { id: { S: 'a' } } }));
    expect(Item).toEqual({ id: { S: 'a' } });
  });

  it('creates the tables of a DynamoDB that is elsewhere, where they are missing', async () => {
    const elsewhere = await fixtureStack();
    const stack = await fixtureStack({ dynamodb: elsewhere.endpoints.dynamodb, stage: 'second' });
    expect(stack.endpoints.dynamodb).toBe(elsewhere.endpoints.dynamodb);
    const client = new DynamoDBClient({ ...connection(stack), endpoint: elsewhere.endpoints.dynamodb });
    const { TableNames } = await client.send(new ListTablesCommand({}));
    expect(TableNames).toEqual(['fixture-local-things', 'fixture-second-things']);
  });

  it('refuses an operation that it does not know, as AWS does', async () => {
    const stack = await fixtureStack();
    const headers = { 'x-amz-target': 'AWSEvents.PutRule' };
    const answer = await fetch(stack.endpoints.eventbridge, { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: 'UnknownOperationException' });
  });

  it('calls the function of a route, and answers 404 where there is none', async () => {
    const stack = await fixtureStack();
    const answer = await fetch(`${stack.endpoints.http}/hello/world?x=1`, { method: 'POST', body: '{"b":2}' });
    expect(await answer.json()).toMatchObject({
      functionName: 'fixture-local-say-hello',
      hasTime: true,
      event: {
        version: '2.0',
        routeKey: 'POST /hello/{name}',
        rawPath: '/hello/world',
        pathParameters: { name: 'world' },
        queryStringParameters: { x: '1' },
        body: '{"b":2}',
        isBase64Encoded: false,
      },
    });
    expect((await fetch(`${stack.endpoints.http}/hello/world`)).status).toBe(404);
    expect((await stack.http({ method: 'POST', path: '/other' })).statusCode).toBe(404);
  });

  it('closes no connection before the client does, also after a long delay of the process', async () => {
    for (const faults of [undefined, parseFaults('all=0')]) {
      const { endpoints } = await fixtureStack(faults ? { faults } : {});
      for (const endpoint of Object.values<string>({ ...endpoints })) {
        const answer = await fetch(endpoint, { method: 'POST', body: '{}' });
        expect(answer.headers.get('connection')).toBe('keep-alive');
        expect(answer.headers.get('keep-alive'), endpoint).toBeNull(); // or: for how many seconds
      }
    }
  });

  it('says which port is taken', async () => {
    const { endpoints } = await fixtureStack();
    const port = Number(new URL(endpoints.dynamodb).port);
    await expect(fixtureStack({ port })).rejects.toMatchObject({ code: 'port_in_use', details: { given: port } });
  });
});

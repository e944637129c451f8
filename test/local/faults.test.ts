/** Injects each fault by itself: the error that the caller gets, and whether the call takes effect. */
import { createServer } from 'node:http';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultsFrom } from '../../infra/local/faults/faults.ts';
import { front } from '../../infra/local/faults/front.ts';
import { parseFaults } from '../../infra/local/faults/specification.ts';
import { openInvocations } from '../../infra/local/invocations.ts';
import { listen, stopServer } from '../../infra/local/listen.ts';

describe('parseFaults', () => {
  it('reads kinds, services, groups and the seed; a later part overrides', () => {
    const plan = parseFaults('seed=7, calls=0.1, dynamodb.throttle=1, kms.kill=0, bus=0.2, drop=0');
    expect(plan.seed).toBe(7);
    expect(plan.calls.dynamodb).toMatchObject({ throttle: 1, lost: 0.1, kill: 0.1 });
    expect(plan.calls.kms).toMatchObject({ throttle: 0.1, kill: 0 });
    expect(plan.bus).toEqual({ duplicate: 0.2, delay: 0.2, reorder: 0.2, drop: 0 });
  });

  it.each([
    ['', '"" is not KIND=RATE'],
    ['throttle', '"throttle" is not KIND=RATE'],
    ['throttel=1', 'there is no kind of fault "throttel"; did you mean "throttle"?'],
    ['__proto__=1', 'there is no kind of fault "__proto__"'],
    ['throttle=2', '"2" is no rate'],
    ['throttle=-1', '"-1" is no rate'],
    ['throttle=', '"" is no rate'],
    ['s3.throttle=1', 'there is no service "s3"'],
    ['event.throttle=1', 'there is no service "event"; did you mean "events"?'],
    ['events.drop=1', '"drop" is no fault of the calls to events'],
    ['dynamodb.refuse=1', 'only EventBridge refuses single entries, and not dynamodb'],
    ['seed=1.5', '"1.5" is no seed'],
  ])('refuses "%s": %s', (specification, message) => {
    expect(() => parseFaults(specification)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ code: 'bad_faults', message })] }),
    );
  });

  it('refuses all parts that are wrong at once', () => {
    const messages = ['"3" is no rate', 'there is no kind of fault "foo"'];
    expect(() => parseFaults('bus=3,reset=0.1,foo=1')).toThrow(
      expect.objectContaining({ errors: messages.map((message) => expect.objectContaining({ message })) }),
    );
  });
});

describe('faultsFrom', () => {
  it('draws the same faults from the same seed, and none once it has ended', () => {
    const draw = (seed: number) => {
      const faults = faultsFrom(parseFaults(`seed=${seed},calls=0.2`));
      return Array.from({ length: 50 }, () => faults.ofCall('dynamodb')?.kind ?? '-').join(' ');
    };
    expect(draw(7)).toBe(draw(7));
    expect(draw(7)).not.toBe(draw(8));
    const faults = faultsFrom(parseFaults('all=1'));
    expect(faults.onBus('drop')).toBe(true);
    faults.end();
    expect([faults.onBus('drop'), faults.ofCall('events'), faults.refuses('events')]).toEqual([
      false,
      undefined,
      false,
    ]);
  });
});

/** A service that only counts what took effect, behind a front. */
async function faulty(specification: string) {
  let effects = 0;
  const service = createServer((request, response) => {
    effects += 1;
    request
      .resume()
      .on('end', () => response.end('{"FailedEntryCount":0,"Entries":[{"EventId":"1"},{"EventId":"2"}]}'));
  });
  const [behind = ''] = await listen([service], 0);
  const invocations = openInvocations();
  const faults = faultsFrom(parseFaults(specification));
  const before = front(behind, faults, invocations);
  const [endpoint = ''] = await listen([before.server], 0);
  onTestFinished(async () => {
    invocations.close();
    await Promise.all([service, before.server].map(stopServer));
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const requestTimeout = specification.includes('timeout') ? 60 : 10_000;
  const requestHandler = { requestTimeout, throwOnRequestTimeout: true };
  const options = { endpoint, region: 'eu-central-1', credentials, maxAttempts: 1, requestHandler };
  return { effects: () => effects, invocations, settle: before.settle, faults, options };
}

const WRITE = new PutItemCommand({ TableName: 't', Item: {} });

describe('a function’s call', () => {
  it.each([
    ['throttle', 'ProvisionedThroughputExceededException', [0]],
    ['error', 'InternalServerError', [0, 1]],
    ['timeout', 'TimeoutError', [0, 1]],
    ['reset', 'TimeoutError', [0]],
    ['lost', 'TimeoutError', [1]],
    ['kill', 'TokenwrightError', [0, 1]],
  ])('meets %s as %s', async (kind, name, effects) => {
    const seen = new Set<number>();
    for (const seed of [1, 2, 3, 5, 8, 13]) {
      const { effects: count, invocations, options } = await faulty(`seed=${seed},${kind}=1`);
      const call = invocations.run(() => new DynamoDBClient(options).send(WRITE));
      await expect(call).rejects.toMatchObject({ name });
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.add(count());
    }
    expect([...seen].sort()).toEqual(effects);
  });

  it('takes effect behind others where it is late', async () => {
    const { effects, invocations, settle, options } = await faulty('late=1');
    await expect(invocations.run(() => new DynamoDBClient(options).send(WRITE))).rejects.toThrow();
    expect(effects()).toBe(0);
    expect(await settle()).toBe(true);
    expect([effects(), await settle()]).toEqual([1, false]);
  });

  it('has no effect any more once its process was killed', async () => {
    const { effects, invocations, options } = await faulty('kill=0');
    const client = new DynamoDBClient(options);
    let later: Promise<unknown> = Promise.resolve();
    await invocations.run(async () => {
      later = new Promise((resolve) => setTimeout(resolve, 20)).then(() => client.send(WRITE));
      later.catch(() => undefined);
    });
    await expect(later).rejects.toThrow();
    expect(effects()).toBe(0);
  });

  it('is told which entries of a PutEvents are refused', async () => {
    const { invocations, options, faults } = await faulty('seed=3,refuse=0.5');
    const Entries = [{ Source: 'a' }, { Source: 'b' }];
    const answer = await invocations.run(() => new EventBridgeClient(options).send(new PutEventsCommand({ Entries })));
    expect(answer.FailedEntryCount).toBe(faults.counts['events.refuse']);
    expect(answer.Entries?.filter(({ ErrorCode }) => ErrorCode === 'InternalFailure')).toHaveLength(1);
  });
});

it('spares what no function calls', async () => {
  const { effects, options } = await faulty('all=1');
  await new DynamoDBClient(options).send(new GetItemCommand({ TableName: 't', Key: {} }));
  expect(effects()).toBe(1);
});

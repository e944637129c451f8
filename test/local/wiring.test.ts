import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../infra/local/configuration.ts';
import { type Wiring, wiringOf } from '../../infra/local/wiring.ts';
import { ACTION_NAMES } from '../../lib/action/table.ts';
import { FIXTURE } from './fixture-stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const QUEUES = 'http://127.0.0.1:4000';

async function wiringIn(root: string, stage: string): Promise<Wiring> {
  return wiringOf(await readConfiguration(root, stage), stage, QUEUES);
}

function functionsFor(wiring: Wiring, bus: string, event: object): (string | undefined)[] {
  const targets = wiring.rules
    .filter((rule) => rule.bus === bus && rule.matches(event))
    .flatMap((rule) => rule.targets);
  return targets.map((target) => wiring.functions.find(({ arn }) => arn === target.arn)?.key);
}

describe('wiringOf the fixture', () => {
  it('resolves references, parameters and includes to local names', async () => {
    const { functions } = await wiringIn(FIXTURE, 'loud');
    expect(functions.find(({ key }) => key === 'say-hello')).toEqual({
      key: 'say-hello',
      name: 'fixture-loud-say-hello',
      arn: 'arn:aws:lambda:eu-central-1:000000000000:function:fixture-loud-say-hello',
      handler: 'functions/hello.handler',
      timeoutSeconds: 2,
      memoryMegabytes: 1024,
      environment: {
        THINGS_TABLE: 'fixture-loud-things',
        GREETING: 'HELLO, loud',
        QUEUE_URL: 'http://127.0.0.1:4000/000000000000/fixture-dead',
        ONLY_HELLO: 'yes',
      },
      retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21600 },
      onFailureArn: undefined,
    });
  });

  it('reads rules with bus, targets, retries and dead-letter queue', async () => {
    const { rules, buses } = await wiringIn(FIXTURE, 'dev');
    expect(buses).toEqual(['default', 'fixture-main']);
    expect(rules.find(({ name }) => name === 'fail')).toMatchObject({
      arn: 'arn:aws:events:eu-central-1:000000000000:rule/fixture-main/fail',
      bus: 'fixture-main',
      pattern: { 'detail-type': ['fail'] },
      targets: [
        {
          arn: 'arn:aws:lambda:eu-central-1:000000000000:function:fixture-dev-fail',
          retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 3600 },
          deadLetterArn: 'arn:aws:sqs:eu-central-1:000000000000:fixture-dead',
        },
      ],
    });
  });

  it('keeps of a table what its creation needs', async () => {
    expect((await wiringIn(FIXTURE, 'dev')).tables).toEqual([
      {
        id: 'Things',
        create: {
          TableName: 'fixture-dev-things',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        },
      },
    ]);
  });

  it.each([
    ['a pattern', { pattern: { source: 'x' } }, 'bad_pattern', 'functions.f.events[0].eventBridge.source'],
    ['a constant input', { pattern: { source: ['x'] }, input: {} }, 'bad_wiring', 'functions.f.events[0].eventBridge'],
    ['a reference', { pattern: { source: ['x'] }, eventBus: { Ref: 'Nowhere' } }, 'bad_wiring', undefined],
  ])('refuses %s that is wrong', (_, eventBridge, code, path) => {
    const configuration = { service: 's', functions: { f: { handler: 'f.handler', events: [{ eventBridge }] } } };
    expect(() => wiringOf(configuration, 'dev', QUEUES)).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining(path === undefined ? {} : { path }) }),
    );
  });
});

describe('wiringOf what is deployed', () => {
  const step = (action: string) => ({ source: 'tokenwright', 'detail-type': 'token.action', detail: { action } });

  it.each(ACTION_NAMES)('takes a step "%s" to the function of that name alone', async (action) => {
    const wiring = await wiringIn(ROOT, 'local');
    expect(functionsFor(wiring, 'tokenwright', step(action))).toEqual([action.replaceAll(' ', '-')]);
  });

  it('takes an auth event to dispatch alone, and an outcome to no function of ours', async () => {
    const wiring = await wiringIn(ROOT, 'local');
    const event = { source: 'privacyidea', 'detail-type': 'validate_check', detail: {} };
    expect(functionsFor(wiring, 'tokenwright', event)).toEqual(['dispatch']);
    expect(functionsFor(wiring, 'tokenwright', { ...event, source: 'tokenwright' })).toEqual([]);
    expect(functionsFor(wiring, 'tokenwright-results', step('disable'))).toEqual([]);
  });

  it('gives every function behind a rule both kinds of dead letters, in one queue', async () => {
    const wiring = await wiringIn(ROOT, 'local');
    const queues = wiring.queues.map(({ arn }) => arn);
    for (const { targets } of wiring.rules) {
      for (const { arn, deadLetterArn } of targets) {
        expect(queues).toContain(deadLetterArn);
        expect(wiring.functions.find((lambda) => lambda.arn === arn)?.onFailureArn).toBe(deadLetterArn);
      }
    }
  });
});

/** `--stage`: a deployed stack is found by the outputs of its CloudFormation stack, and by nothing else. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTo } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../deployment/aws-endpoint.ts';
import { callHere } from './in-process.ts';
import { CLONE } from './tokenwright.ts';

let aws: AwsEndpoint;
let stack: Stack;
const announced: string[] = [];
const before = { ...process.env };

/** The services of the deployed stack are those of the local one; its names come from CloudFormation alone. */
beforeAll(async () => {
  aws = await startAwsEndpoint();
  const environment = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  const onEvent = (bus: string, { detail }: { detail: Readonly<Record<string, unknown>> }) =>
    void announced.push(`${bus} ${String(detail.id)}`);
  stack = await startStack({ root: CLONE, concurrency: 1, retryDelay: () => 0, environment, onEvent });
  connectTo(stack.environment);
  process.env.AWS_ENDPOINT_URL_CLOUDFORMATION = aws.url;
  const outputs = {
    TokensTableName: stack.environment.TOKENS_TABLE ?? '',
    DefinitionsTableName: stack.environment.DEFINITIONS_TABLE ?? '',
    DirectoryTableName: stack.environment.DIRECTORY_TABLE ?? '',
    OutcomesTableName: stack.environment.OUTCOMES_TABLE ?? '',
    SecretKeysTableName: stack.environment.SECRET_KEYS_TABLE ?? '',
    SecretsKeyArn: 'SecretsKey',
    BusName: 'tokenwright',
    ResultsBusName: 'tokenwright-results',
    DeadLetterQueueUrls: stack.queues.find('tokenwright-local-OutcomeDeadLetters')?.url ?? '',
  };
  const nothing = { template: { Resources: {} }, resources: new Map(), events: [], pending: undefined };
  for (const [name, own] of [
    ['tokenwright-prod', outputs],
    ['tokenwright-old', { BusName: 'tokenwright' }],
  ] as const) {
    aws.stacks.set(name, { name, status: 'UPDATE_COMPLETE', outputs: own, ...nothing });
  }
});

afterAll(async () => {
  await stack?.stop();
  await aws?.stop();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

describe('--stage', () => {
  it("redrives from that stack's queues, to its buses", async () => {
    const time = '2026-03-15T10:20:30Z';
    const outcome = { id: 'x', source: 'tokenwright', 'detail-type': 'token.action.done', time, detail: { id: 'one' } };
    const step = { ...outcome, 'detail-type': 'token.action', detail: { id: 'of another queue' } };
    const send = (queue: string, body: object) => {
      const QueueUrl = stack.queues.find(`tokenwright-local-${queue}`)?.url;
      return new SQSClient({}).send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
    };
    await send('OutcomeDeadLetters', outcome);
    await send('StepDeadLetters', step);
    const { stdout } = await callHere('dlq', 'redrive', '--json', '--stage', 'prod');
    expect(stdout).toBe('{"redriven":1,"left":0}\n');
    await stack.idle();
    expect(announced).toEqual(['tokenwright-results one']);
  });

  it('of an unknown stage is refused, also if the environment names a local stack', async () => {
    const { stdout } = await callHere('dlq', 'list', '--json', '--stage', 'prd');
    expect(JSON.parse(stdout)).toMatchObject({
      errors: [{ code: 'unknown_stage', message: 'there is no stack "tokenwright-prd" in this account and region' }],
    });
  });

  it('of a stack whose outputs are not all there is refused by name', async () => {
    const { stdout } = await callHere('dlq', 'list', '--json', '--stage', 'old');
    const { errors } = JSON.parse(stdout) as { errors: { code: string; path: string }[] };
    expect(errors).toContainEqual(expect.objectContaining({ code: 'bad_stack', path: 'DeadLetterQueueUrls' }));
  });
});

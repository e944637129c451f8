/** A stack of the fixture's serverless.yml, stopped after the test. */
import { fileURLToPath } from 'node:url';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { onTestFinished } from 'vitest';
import { type Stack, type StackOptions, startStack } from '../../infra/local/stack.ts';

export const FIXTURE = fileURLToPath(new URL('fixture', import.meta.url));
export const BUS = 'fixture-main';

export async function fixtureStack(options: StackOptions = {}): Promise<Stack> {
  const stack = await startStack({ root: FIXTURE, concurrency: 1, retryDelay: () => 0, ...options });
  onTestFinished(() => stack.stop());
  return stack;
}

/** What an SDK client needs to talk to the stack. */
export function connection({ endpoints, wiring }: Stack) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { endpoint: endpoints.eventbridge, region: wiring.region, credentials };
}

/** Puts one event on the fixture's bus. */
export async function put(stack: Stack, DetailType: string, detail: object = {}, Source = 'sender'): Promise<void> {
  const client = new EventBridgeClient(connection(stack));
  const Detail = JSON.stringify(detail);
  await client.send(new PutEventsCommand({ Entries: [{ EventBusName: BUS, Source, DetailType, Detail }] }));
}

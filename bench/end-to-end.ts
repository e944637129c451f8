/**
 * The whole local way of an event, beside a bare handler: PutEvents -> dispatch -> step -> token -> outcome on one
 * side; on the other the same number of `UpdateItem` calls on the same DynamoDB and nothing else. A and B take turns
 * in one run; the result is a ratio. Also counts the calls per event at the endpoints.
 */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { readScenario } from '../cli/scenario.ts';
import { seed } from '../cli/seed.ts';
import { tablesOf } from '../cli/tables.ts';
import { startStack } from '../infra/local/stack.ts';
import { documentClient } from '../lib/aws/clients.ts';
import { publisher } from '../lib/event/publish.ts';

const TOKENS = 100;
const EVENTS = 400;
const ROUNDS = 5;
const IN_FLIGHT = 8;

const serials = Array.from({ length: TOKENS }, (_, i) => `T${i}`);
const scenario = await readScenario(
  {
    tokens: serials.map((serial) => ({ serial, tokentype: 'hotp' })),
    definitions: [
      {
        id: 1,
        name: 'count',
        event: 'validate_check',
        action: 'change failcounter',
        options: { 'change fail counter': '1' },
      },
    ],
  },
  Date.now(),
);

let outcomes = 0;
const stack = await startStack({
  concurrency: IN_FLIGHT,
  environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
  onEvent: (_bus, envelope) => {
    if (String(envelope['detail-type']).startsWith('token.action.')) outcomes += 1;
  },
});
Object.assign(process.env, stack.environment);
const tables = tablesOf(stack.environment);
await seed(scenario, tables);
const publish = publisher(new EventBridgeClient({}));
const documents = documentClient();

/** Puts events of one name and waits until nothing is under way. @returns events a second */
async function throughTheStack(name: string, round: number): Promise<number> {
  const entries = Array.from({ length: EVENTS }, (_, i) => ({
    EventBusName: tables.bus,
    Source: 'bench',
    DetailType: name,
    Detail: JSON.stringify({ id: `${name}-${round}-${i}`, serial: serials[i % TOKENS] }),
  }));
  const start = performance.now();
  await publish(entries);
  await stack.idle();
  return (EVENTS / (performance.now() - start)) * 1000;
}

async function bare(): Promise<number> {
  const start = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < EVENTS) {
      const serial = `B${next % TOKENS}`;
      next += 1;
      await documents.send(
        new UpdateCommand({
          TableName: tables.tokens,
          Key: { serial },
          UpdateExpression: 'ADD failcount :one',
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return (EVENTS / (performance.now() - start)) * 1000;
}

function countsSince(before: Readonly<Record<string, number>>): Record<string, number> {
  const now = Object.entries(stack.counts).map(([call, count]): [string, number] => [
    call,
    count - (before[call] ?? 0),
  ]);
  return Object.fromEntries(now.filter(([, count]) => count > 0).map(([call, count]) => [call, count / EVENTS]));
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

await throughTheStack('validate_check', -1);
await bare();
const rates = { whole: [] as number[], bare: [] as number[] };
for (let round = 0; round < ROUNDS; round += 1) {
  rates.whole.push(await throughTheStack('validate_check', round));
  rates.bare.push(await bare());
}
let before = { ...stack.counts };
await throughTheStack('validate_check', ROUNDS);
const perMatched = countsSince(before);
before = { ...stack.counts };
await throughTheStack('token_list', ROUNDS);
const perUnmatched = countsSince(before);
await stack.stop();

const [whole, handler] = [median(rates.whole), median(rates.bare)];
const results = [
  { name: 'PutEvents to outcome', perSecond: Math.round(whole), ratio: 1 },
  { name: 'bare UpdateItem', perSecond: Math.round(handler), ratio: Number((handler / whole).toFixed(2)) },
];
process.stdout.write(`${JSON.stringify({ results, outcomes, perMatched, perUnmatched }, null, 2)}\n`);

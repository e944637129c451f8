/**
 * A step of "change failcounter" beside handlers written by hand that do the same `UpdateItem`: with nothing else, with
 * an outcome announced, with the token read before, and wrapped in Powertools' idempotency, which is the usual way to get what a step is. Calls and
 * billed units from the embedded DynamoDB; then CPU a call, all four in turns, the wire answered on the spot so that
 * no I/O is in it but what the SDK computes for it (without logs and metrics, which only ours has). Last, whether the
 * heap grows over 10,000 events.
 *
 *   node bench/step.ts [--json]
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { readScenario } from '../cli/scenario.ts';
import { seed } from '../cli/seed.ts';
import { tablesOf } from '../cli/tables.ts';
import { startStack } from '../infra/local/stack.ts';
import { stepEntry } from '../lib/event/publish.ts';
import { answerAtOnce, listen } from './wire.ts';

const WARM_UP = 10;
const CALLS_A_TURN = 100;
const TURNS = Number(process.env.TURNS ?? 15);
const HEAP_EVENTS = Number(process.env.HEAP_EVENTS ?? 10_000);
const SERIAL = 'TOTP0001';
const ACTION = 'change failcounter';
const IDEMPOTENCY_TABLE = 'idempotency';

const info = { tokenkind: 'software', timeStep: '30', timeWindow: '180', timeShift: '0', hashlib: 'sha1' };
const scenario = await readScenario(
  {
    tokens: [{ serial: SERIAL, tokentype: 'totp', info }],
    definitions: [
      { id: 1, name: 'count', event: 'validate_check', action: ACTION, options: { 'change fail counter': '+1' } },
    ],
  },
  Date.now(),
);
const stack = await startStack({
  environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
});
// Outcomes on a bus that no function of ours listens to, whose calls would be counted with the step's.
const environment = { ...stack.environment, RESULTS_BUS_NAME: 'default' };
Object.assign(process.env, environment);
const tables = tablesOf(environment);
await seed(scenario, tables);

const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
const time = Date.now() - 60_000;
let events = 0;

/** A step event as the bus hands it over, each of an event of its own. */
function nextEvent(): { readonly detail: { readonly event: { readonly id: string }; readonly serial: string } } {
  events += 1;
  const { Detail = '' } = stepEntry(tables.bus, {
    action: ACTION,
    event: { id: `event-${events}`, name: 'validate_check', source: 'bench', position: 'post', time },
    serial: SERIAL,
    facts: {},
    steps: [{ definition: 1, version: 1, action: ACTION, open: [] }],
    at: 0,
  });
  return { source: 'tokenwright', 'detail-type': 'token.action', detail: JSON.parse(Detail) } as ReturnType<
    typeof nextEvent
  >;
}

const dynamodb = new DynamoDBClient({});
const documents = DynamoDBDocumentClient.from(dynamodb);
const eventBridge = new EventBridgeClient({});
type StepEvent = ReturnType<typeof nextEvent>;

async function update({ detail }: StepEvent): Promise<{ failcount: unknown }> {
  const { Attributes } = await documents.send(
    new UpdateCommand({
      TableName: tables.tokens,
      Key: { serial: `bare-${detail.serial}` },
      UpdateExpression: 'ADD failcount :one',
      ExpressionAttributeValues: { ':one': 1 },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return { failcount: Attributes?.failcount ?? null };
}

/** What a handler needs at least that decides by the token, and says what it did. */
async function readUpdateAndAnnounce(event: StepEvent): Promise<void> {
  const Key = { serial: `bare-${event.detail.serial}` };
  await documents.send(new GetCommand({ TableName: tables.tokens, Key, ConsistentRead: true }));
  await updateAndAnnounce(event);
}

async function updateAndAnnounce(event: StepEvent): Promise<void> {
  const changes = await update(event);
  const Detail = JSON.stringify({ id: event.detail.event.id, status: 'done', serial: event.detail.serial, changes });
  const entry = { EventBusName: tables.results, Source: 'bench', DetailType: 'done', Detail };
  await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
}

await dynamodb.send(
  new CreateTableCommand({
    TableName: IDEMPOTENCY_TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  }),
);
const updateOnce = makeIdempotent(update, {
  persistenceStore: new DynamoDBPersistenceLayer({ tableName: IDEMPOTENCY_TABLE, awsSdkV3Client: dynamodb }),
  config: new IdempotencyConfig({ eventKeyJmesPath: 'detail.event.id', lambdaContext: context }),
});

const { handler } = await import('../functions/actions/change-failcounter.ts');

interface Side {
  readonly name: string;
  readonly run: (event: StepEvent) => Promise<unknown>;
  readonly microseconds: number[];
  calls: Record<string, number>;
  units: number;
}
const side = (name: string, run: Side['run']): Side => ({ name, run, microseconds: [], calls: {}, units: 0 });
const sides: readonly Side[] = [
  side('by hand: UpdateItem', update),
  side('by hand: UpdateItem + PutEvents', updateAndAnnounce),
  side('by hand: GetItem + UpdateItem + PutEvents', readUpdateAndAnnounce),
  side('by hand: UpdateItem, idempotent', updateOnce),
  side('a step', (event) => handler(event, context)),
];

const answers: Record<string, string> = { PutEvents: '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}' };
let counting: Side | undefined;
listen(({ operation, answer, units }) => {
  if (operation !== 'PutEvents') answers[operation] = answer;
  if (!counting) return;
  counting.calls[operation] = (counting.calls[operation] ?? 0) + 1;
  counting.units += units;
});
for (const one of sides) {
  for (let i = 0; i < WARM_UP; i += 1) await one.run(nextEvent());
  counting = one;
  await one.run(nextEvent());
  counting = undefined;
}
await stack.idle();
await stack.stop();
Object.assign(process.env, environment);

answerAtOnce(answers);
for (let turn = 0; turn <= TURNS; turn += 1) {
  for (const { run, microseconds } of sides) {
    const batch = Array.from({ length: CALLS_A_TURN }, nextEvent);
    const start = process.cpuUsage();
    for (const event of batch) await run(event);
    const { user, system } = process.cpuUsage(start);
    if (turn > 0) microseconds.push((user + system) / CALLS_A_TURN); // the first turn warms up
  }
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};
const ours = sides.at(-1);
const before = heap();
for (let i = 0; i < HEAP_EVENTS; i += 1) await ours?.run(nextEvent());
const heapGrowthKilobytes = Math.round((heap() - before) / 1024);

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const base = median(sides[0]?.microseconds ?? []);
const results = sides.map(({ name, calls, units, microseconds }) => ({
  name,
  calls: Object.entries(calls)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(', '),
  units,
  microseconds: Math.round(median(microseconds)),
  ratio: Number((median(microseconds) / base).toFixed(2)),
}));
if (process.argv.includes('--json')) console.log(JSON.stringify({ results, heapGrowthKilobytes }));
else {
  console.table(results);
  console.log(`the heap after ${HEAP_EVENTS} events more: ${heapGrowthKilobytes} KB more`);
}

/**
 * Measures a step of "change failcounter": its calls and billed units, its CPU, and whether the heap grows with events.
 * Baseline: handlers written by hand that do the same `UpdateItem`.
 * Calls and units come from the embedded DynamoDB. For CPU, the sides take turns and every call is answered at once, so
 * that what is measured is this project's code and the SDK's work for each call. "Ours" is the step without what the
 * same calls cost by hand.
 *
 *   node bench/step.ts [--json] [--quick]
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Context } from 'aws-lambda';
import { readScenario } from '../cli/scenario/scenario.ts';
import { seed } from '../cli/scenario/seed.ts';
import { tablesOf } from '../cli/stack/environment.ts';
import { startStack } from '../infra/local/stack.ts';
import { stepEntry } from '../lib/event/publish.ts';
import { isQuick, report } from './report.ts';
import { handlersByHand, type StepEvent } from './step/by-hand.ts';
import { inTurns, rounded, type Side } from './turns.ts';
import { answerAtOnce, type Call, listen } from './wire.ts';

const HEAP_EVENTS = isQuick ? 1_000 : 10_000;
const SERIAL = 'TOTP0001';
const ACTION = 'change failcounter';

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
// Outcomes go to a bus that no function listens to, whose calls would be counted with those of the step.
const environment = { ...stack.environment, RESULTS_BUS_NAME: 'default' };
Object.assign(process.env, environment);
const tables = tablesOf(environment);
await seed(scenario, tables);

const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
const time = Date.now() - 60_000;
let events = 0;

/** Makes step events as the bus hands them over, each of another auth event. */
function nextEvent(): StepEvent {
  events += 1;
  const { Detail = '' } = stepEntry(tables.bus, {
    action: ACTION,
    event: { id: `event-${events}`, name: 'validate_check', source: 'bench', position: 'post', time },
    serial: SERIAL,
    facts: {},
    steps: [{ definition: 1, version: 1, action: ACTION, open: [] }],
    at: 0,
  });
  const envelope = { source: 'tokenwright', 'detail-type': 'token.action', detail: JSON.parse(Detail) };
  return envelope satisfies StepEvent;
}

const byHand = await handlersByHand(tables, context);
const { handler } = await import('../functions/actions/change-failcounter.ts');

/** The calls of a step, made by hand. */
const ALIKE = 'by hand: GetItem + UpdateItem + PutEvents';
const sides: readonly Side<StepEvent>[] = [
  { name: 'by hand: UpdateItem', run: byHand.update },
  { name: 'by hand: UpdateItem + PutEvents', run: byHand.updateAndAnnounce },
  { name: ALIKE, run: byHand.readUpdateAndAnnounce },
  { name: 'by hand: UpdateItem, idempotent', run: byHand.updateOnce },
  { name: 'by hand: UpdateItem + PutEvents, idempotent', run: byHand.updateAndAnnounceOnce },
  { name: 'a step', run: (event) => handler(event, context) },
];

const answers: Record<string, string> = {};
const calls = new Map<string, Call[]>();
let made: Call[] = [];
listen((call) => made.push(call));
for (const { name, run } of sides) {
  await run(nextEvent()); // the first event also reads the definition
  made = [];
  await run(nextEvent());
  calls.set(name, [...made]);
  for (const { operation, answer } of made) answers[operation] = answer;
}
await stack.idle();
await stack.stop();
Object.assign(process.env, environment);

answerAtOnce(answers);
const times = await inTurns(sides, { turns: isQuick ? 3 : 15, calls: 100, next: nextEvent });

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};
const before = heap();
for (let i = 0; i < HEAP_EVENTS; i += 1) await handler(nextEvent(), context);
const heapGrowthKilobytes = Math.round((heap() - before) / 1024);

const [base = Number.NaN] = times;
const sdk = times[sides.findIndex(({ name }) => name === ALIKE)] ?? Number.NaN;
const step = times.at(-1) ?? Number.NaN;
const results = sides.map(({ name }, index) => ({
  name,
  calls: (calls.get(name) ?? []).map(({ operation }) => operation).join(', '),
  units: (calls.get(name) ?? []).reduce((sum, { units }) => sum + units, 0),
  microseconds: Math.round(times[index] ?? Number.NaN),
  ratio: rounded((times[index] ?? Number.NaN) / base),
}));
const outsideTheSdk = { microseconds: Math.round(step - sdk), ratio: rounded((step - sdk) / base) };
report({ results, outsideTheSdk, heapEvents: HEAP_EVENTS, heapGrowthKilobytes });

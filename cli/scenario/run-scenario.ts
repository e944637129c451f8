/** Runs a checked scenario on its own local stack, and returns the outcomes and tokens. */
import type { SentMessage } from '../../infra/local/api/messages.ts';
import type { FaultPlan } from '../../infra/local/faults/specification.ts';
import { randomFrom } from '../../infra/local/pending.ts';
import type { Stack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { setProcessClock } from '../../lib/base/clock.ts';
import { inFlight } from '../../lib/base/concurrency.ts';
import type { BulkSummary } from '../../lib/event/bulk.ts';
import type { Outcome } from '../../lib/event/outcome.ts';
import { isLive } from '../../lib/token/record.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { type ShownToken, showToken } from '../../lib/token/view.ts';
import { CLONE } from '../stack/clone.ts';
import { connectTo, type Tables, tablesOf } from '../stack/environment.ts';
import { handlers } from '../stack/handlers.ts';
import { callersOf } from './callers.ts';
import { OutcomeLog, type Playing, playEvent } from './play.ts';
import { listenToAuthEvents, type PlayedResponse, RequestPlayer } from './requests.ts';
import type { CheckedScenario } from './scenario.ts';
import { seed as seedStack } from './seed.ts';

/** Delivers every bus event `copies` times, in an order that the seed determines. */
interface DeliveryOptions {
  readonly copies: number;
  readonly seed: number;
}

export interface ScenarioResult {
  readonly outcomes: readonly Outcome[];
  /** The tokens afterwards: those of the scenario in its order, then new ones. */
  readonly tokens: readonly ShownToken[];
  /** The summaries of bulk runs; absent if there were none. */
  readonly bulk?: readonly BulkSummary[];
  /** The answers to the requests; absent without requests. */
  readonly responses?: readonly PlayedResponse[];
  /** The auth events that the requests raised, `pre` and `post`, in order. */
  readonly raised?: readonly unknown[];
  /** The e-mails and text messages that were sent. */
  readonly sent?: readonly SentMessage[];
}

/** Runs a scenario. @param delivery undefined: each event once, in order @param faults undefined: no faults */
export async function runScenario(
  scenario: CheckedScenario,
  delivery?: DeliveryOptions,
  faults?: FaultPlan,
): Promise<ScenarioResult> {
  const { startStack } = await import('../../infra/local/stack.ts');
  const { requests } = scenario;
  let now = startOf(scenario);
  if (Number.isFinite(now)) setProcessClock({ now: () => now });
  const log = new OutcomeLog();
  const raised: unknown[] = [];
  const endListening = listenToAuthEvents((event) => raised.push(event));
  const stack = await startStack({
    root: CLONE,
    handlers,
    environment: {
      TIMEZONE: scenario.timezone,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      VALIDATE_ACCESS: 'open',
      ATTEMPT_LIMITS: 'off',
      MAIL_FROM: 'tokenwright@localhost',
      ...(faults ? IMPATIENT : PATIENT),
    },
    ...(faults ? { faults } : {}),
    concurrency: 1,
    retryDelay: () => 0,
    arrival: (time) => time,
    ...(delivery ? { delivery } : {}),
    onDeadLetter: ({ queue, reason }) => {
      if (!faults) process.stderr.write(`warning: a dead letter in ${queue}: ${JSON.stringify(reason)}\n`);
    },
    onEvent: (bus, envelope) => {
      if (bus === names?.results) log.addEvent(envelope);
    },
  });
  const names = tablesOf(stack.environment);
  try {
    connectTo(stack.environment);
    await seedStack(scenario, names);
    const playing = { stack, bus: names.bus, log };
    const player = new RequestPlayer(
      stack.http,
      callersOf(names, scenario, () => now),
    );
    if (delivery && !requests) await playShuffled(scenario, playing, delivery);
    else {
      for (const one of inTheirOrder(scenario)) {
        if (requests) now = Math.max(now, one.time);
        if ('request' in one) await player.play(one.request);
        else await playEvent(one.event, playing);
        await settle(stack, names, faults);
      }
    }
    await settle(stack, names, faults);
    if (faults) reportFaults(stack);
    const tokens = await readTokens(scenario, [...serialsOf(log.all), ...player.enrolled], names.tokens);
    const bulk = log.bulk.length > 0 ? { bulk: log.bulk } : {};
    const answered = requests ? { responses: player.responses, raised, sent: stack.sent } : {};
    return { outcomes: inSlipOrder(log.all, scenario), tokens, ...bulk, ...answered };
  } finally {
    endListening();
    await stack.stop();
  }
}

/**
 * Returns the first time of the clock. The clock follows the requests; without any, it is stopped at the latest event.
 */
function startOf({ events, requests }: CheckedScenario): number {
  const times = events.map(({ event }) => event.occurredAt);
  return requests ? Math.min(...times, ...requests.map(({ time }) => time)) : Math.max(...times);
}

/** Returns the events in the order of the file; with requests, all of them in the order of their times. */
function inTheirOrder({ events, requests }: CheckedScenario) {
  const all = [
    ...events.map((event) => ({ time: event.event.occurredAt, event })),
    ...(requests ?? []).map((request) => ({ time: request.time, request })),
  ];
  return requests ? all.sort((a, b) => a.time - b.time) : all;
}

/** A long timeout, so that a busy machine does not change an answer: nothing is unreachable in this process. */
const PATIENT = { REQUEST_TIMEOUT_MS: '60000' };
/** Short timeouts, so that a run with faults takes seconds. */
const IMPATIENT = { AWS_MAX_ATTEMPTS: '2', REQUEST_TIMEOUT_MS: '200' };

/** Waits until nothing is under way; with faults also puts dead letters back. */
async function settle(stack: Stack, tables: Tables, faults: FaultPlan | undefined): Promise<void> {
  if (!faults) return stack.idle();
  const { drainDeadLetters } = await import('./drain.ts');
  await drainDeadLetters(stack, tables);
}

function reportFaults({ faults }: Stack): void {
  const kinds = Object.entries(faults.counts).map(([kind, count]) => `${kind} ${count}`);
  process.stderr.write(`faults injected: ${kinds.join(', ') || 'none'}\n`);
}

/** Puts all events on the bus before the first is delivered, so that only the seed determines the order. */
async function playShuffled(
  { events }: CheckedScenario,
  playing: Playing & { readonly stack: Stack },
  { copies, seed: seedNumber }: DeliveryOptions,
): Promise<void> {
  const release = playing.stack.hold();
  for (const event of shuffled(events, seedNumber)) await playEvent(event, playing, copies);
  release();
  await playing.stack.idle();
}

function serialsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ serial }) => (serial === null ? [] : [serial]));
}

/** Reads the tokens of the scenario in its order, then the created ones. @param made their serials */
async function readTokens(scenario: CheckedScenario, made: readonly string[], table: string): Promise<ShownToken[]> {
  const store = tokenStore(documentClient(), table);
  const known = (scenario.tokens ?? []).map(({ serial }) => serial);
  const records = await inFlight([...new Set([...known, ...made])], (serial) => store.read(serial));
  return records.flatMap((record) => (isLive(record) ? [showToken(record)] : []));
}

/** Sorts outcomes by event, then in the order of its slip: by ordering, then id. */
function inSlipOrder(outcomes: readonly Outcome[], { checked }: CheckedScenario): Outcome[] {
  const events = [...new Set(outcomes.map(({ event }) => event.id))];
  const ids = [...checked.definitions].sort((a, b) => a.ordering - b.ordering || a.id - b.id).map(({ id }) => id);
  const placed = outcomes.map((outcome) => ({
    outcome,
    event: events.indexOf(outcome.event.id),
    step: ids.indexOf(outcome.definition?.id ?? 0),
  }));
  return placed.sort((a, b) => a.event - b.event || a.step - b.step).map(({ outcome }) => outcome);
}

/** Shuffles a list in an order that depends only on the seed (Fisher and Yates). */
function shuffled<T>(list: readonly T[], seed: number): T[] {
  const below = randomFrom(seed);
  const rest = [...list];
  return list.flatMap(() => rest.splice(below(rest.length), 1));
}

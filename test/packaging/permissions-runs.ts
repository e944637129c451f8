/** Runs every function through all that it may do, so that a permission that no run needs is a superfluous one. */
import * as z from 'zod';
import type { Entry } from '../support/recorder.ts';
import { FRONT_DOOR_CALLS, HTTP_CALLS, type HttpCall, putEnrolments, SEALING_CALLS } from './http-calls.ts';
import { event, eventOf, kebab, NAMES, serialOf } from './permissions-scenario.ts';
import type { RecordedFunctions } from './recorded-functions.ts';

/** One second after the events: an enrolment refuses events that are older than the ledger reaches. */
export const NOW = Date.parse('2026-03-15T10:20:31Z');

/** The three ways in which an event names a user's tokens. */
const OF_A_USER = [
  { user: { login: 'cornelius', realm: 'realm1' } },
  { user: { resolver: 'resolver1', uid: '1000' } },
  { serial: 'ONLY' },
];

export async function runEverything(functions: RecordedFunctions): Promise<void> {
  await runFrontDoor(functions);
  await runActions(functions);
  await runBulk(functions);
  await runPre(functions);
  await recordOutcome(functions);
  await runHttp(functions);
  await runSealed(functions);
}

/** All calls; the last again while the bus cannot be reached; and those that seal, without a data key. */
async function runFrontDoor(functions: RecordedFunctions): Promise<void> {
  for (const [name, calls] of Object.entries(FRONT_DOOR_CALLS)) {
    await functions.startProcess();
    for (const call of calls) await runHttpCall(functions, name, call);
    const { AWS_ENDPOINT_URL_EVENTBRIDGE: bus } = process.env;
    process.env.AWS_ENDPOINT_URL_EVENTBRIDGE = 'http://127.0.0.1:9';
    await functions.startProcess();
    const last = calls.at(-1);
    if (last) await runHttpCall(functions, name, last);
    process.env.AWS_ENDPOINT_URL_EVENTBRIDGE = bus;
  }
  for (const [name, call] of Object.entries(SEALING_CALLS)) {
    await functions.startWithoutDataKey();
    await runHttpCall(functions, name, call);
  }
}

async function runActions(functions: RecordedFunctions): Promise<void> {
  const dispatch = (input: object) => functions.invoke('dispatch', input);
  await functions.startWithoutDataKey();
  const steps: Entry[] = [];
  for (const name of NAMES) steps.push(...(await dispatch(event(eventOf(name), { serial: serialOf(name) }))));
  for (const detail of OF_A_USER) await dispatch(event('leaving', detail));
  await dispatch(event('named', { serial: 'ONLY', request: { container_serial: 'C1', transaction_id: '1' } }));
  await dispatch(event('none', { user: { login: 'cornelius', realm: 'realm1' } }));
  await dispatch({ id: 'malformed' });
  for (const step of steps) await runTwice(functions, step);
  // A token is created over a tombstone by another call than where there was none.
  for (const serial of ['GONE', 'GONE-pre']) {
    const gone = { ...event('gone', { serial }, `gone-${serial}`), time: '2026-03-15T10:20:29Z' };
    for (const step of await dispatch(gone)) await runTwice(functions, step);
  }
  for (const step of await dispatch(event('born_again', { serial: 'ONLY' }))) await runTwice(functions, step);
}

async function runBulk(functions: RecordedFunctions): Promise<void> {
  for (const target of ['unassigned', 'disabled']) {
    const started = await functions.invoke('dispatch', event(target, {}));
    for (const { DetailType, Detail } of started) {
      const detail = z.looseObject({ action: z.optional(z.string()) }).parse(JSON.parse(Detail));
      const name = detail.action === undefined ? 'bulk' : kebab(detail.action);
      started.push(...(await functions.invoke(name, { source: 'tokenwright', 'detail-type': DetailType, detail })));
    }
  }
}

async function runPre(functions: RecordedFunctions): Promise<void> {
  const pre = (input: object) => runHttpCall(functions, 'pre', preCall(input));
  await functions.startWithoutDataKey();
  for (const name of NAMES) await pre(event(eventOf(name), { serial: `${serialOf(name)}-pre`, position: 'pre' }));
  await pre(event('born_again', { serial: 'ONLY', position: 'pre' }));
  for (const detail of OF_A_USER) await pre(event('leaving', { ...detail, position: 'pre' }));
}

async function recordOutcome(functions: RecordedFunctions): Promise<void> {
  const DONE = 'token.action.done';
  const [outcome] = functions.entriesOf(DONE);
  const detail: unknown = JSON.parse(outcome?.Detail ?? '');
  await functions.invoke('record-outcomes', { source: 'tokenwright', 'detail-type': DONE, detail });
}

async function runHttp(functions: RecordedFunctions): Promise<void> {
  await functions.startWithoutDataKey();
  for (const [name, calls] of Object.entries(HTTP_CALLS)) {
    for (const call of calls) await runHttpCall(functions, name, call);
  }
}

/** Definitions with a sealed secret, each opened by a process that does not have the data key in its memory. */
async function runSealed(functions: RecordedFunctions): Promise<void> {
  await functions.startProcess();
  for (const call of putEnrolments('********', { status: 200 })) await runHttpCall(functions, 'definitions', call);
  const steps = await functions.invoke('dispatch', event('enroll_sealed', { serial: 'ONLY' }));
  await functions.startProcess();
  for (const step of steps) await runTwice(functions, step);
  await functions.startProcess();
  await runHttpCall(functions, 'pre', preCall(event('enroll_sealed', { serial: 'ONLY', position: 'pre' })));
}

/** A step and its redelivery. */
async function runTwice(functions: RecordedFunctions, { Detail }: Entry): Promise<void> {
  const detail = z.looseObject({ action: z.string() }).parse(JSON.parse(Detail));
  const envelope = { source: 'tokenwright', 'detail-type': 'token.action', detail };
  await functions.invoke(kebab(detail.action), envelope);
  await functions.invoke(kebab(detail.action), envelope);
}

function preCall(body: object): HttpCall {
  return { routeKey: 'POST /pre', body: JSON.stringify(body), expected: { status: 200 } };
}

async function runHttpCall(functions: RecordedFunctions, name: string, call: HttpCall): Promise<void> {
  const { expected, requestContext, ...request } = call;
  await functions.invoke(name, { ...request, requestContext: { ...requestContext, timeEpoch: NOW } }, expected);
}

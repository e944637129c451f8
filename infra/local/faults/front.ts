/**
 * A server in front of an endpoint that injects faults into the calls of functions: on the wire, so that nothing in
 * `lib/` or `functions/` knows of it. Calls of others are forwarded.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { bodyOf } from '../api/server.ts';
import { type Invocations, TRACE_HEADER } from '../invocations.ts';
import { answersOf, putSomeEntries } from './answers.ts';
import type { DrawnFault, Faults } from './faults.ts';
import { type Answer, type Call, forwardTo } from './forward.ts';
import type { ServiceName } from './specification.ts';

export interface Front {
  readonly server: Server;
  /** Lets the calls take effect that are still held back. @returns whether there were any */
  settle(): Promise<boolean>;
}

/** A call that takes effect after a number of other calls. */
interface HeldCall {
  readonly call: Call;
  others: number;
}

const SERVICE_OF: Readonly<Record<string, ServiceName>> = {
  DynamoDB_20120810: 'dynamodb',
  AWSEvents: 'events',
  AmazonSQS: 'sqs',
  TrentService: 'kms',
};
/** Enough calls for a retry and the steps after it. */
const LATEST = 12;

/** @param endpoint the address behind it */
export function front(endpoint: string, faults: Faults, invocations: Invocations): Front {
  const forward = forwardTo(endpoint);
  let held: HeldCall[] = [];

  const settle = async (due: (one: HeldCall) => boolean): Promise<boolean> => {
    const ready = held.filter(due);
    held = held.filter((one) => !due(one));
    for (const { call } of ready) await forward(call);
    return ready.length > 0;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call: Call = { path: request.url ?? '/', headers: request.headers, body: await bodyOf(request) };
    const [prefix = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    const service = SERVICE_OF[prefix];
    const caller = invocations.callerOf(request.headers[TRACE_HEADER]);
    if (caller === undefined || service === undefined) return send(response, await forward(call));
    if (caller === 'gone') {
      request.socket.destroy();
      return;
    }
    for (const one of held) one.others -= 1;
    await settle(({ others }) => others <= 0);
    const fault = faults.ofCall(service);
    if (fault === undefined) return send(response, await putSomeEntries(call, service, faults, forward));
    await suffer(fault, call, service);
    answerFaulty(fault, service, response, caller.kill);
  };

  const suffer = async ({ kind, effect }: DrawnFault, call: Call, service: ServiceName): Promise<void> => {
    if (kind === 'late') held.push({ call, others: 1 + faults.below(LATEST) });
    else if (effect) await putSomeEntries(call, service, faults, forward);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  return { server, settle: () => settle(() => true) };
}

function answerFaulty({ kind }: DrawnFault, service: ServiceName, response: ServerResponse, kill: () => void): void {
  if (kind === 'timeout') return; // never answers: the client times out
  if (kind === 'throttle' || kind === 'error') {
    send(response, answersOf(service)[kind]);
    return;
  }
  if (kind === 'kill') kill();
  response.destroy();
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}

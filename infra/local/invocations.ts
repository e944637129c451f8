/**
 * Tells invocations apart as AWS does: Lambda gives each a trace id, which its calls carry. So an endpoint knows which
 * invocation calls it, and calls of a killed invocation have no effect.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isObject } from '../../lib/base/object.ts';

/** The caller: `undefined` is no function, `gone` an invocation that has ended or was killed. */
export type Caller = { readonly kill: () => void } | 'gone' | undefined;

export interface Invocations {
  /** Runs an invocation under a new trace id. @throws the error of `work`, or `killed` */
  run<T>(work: () => Promise<T>): Promise<T>;
  callerOf(traceId: unknown): Caller;
  /** Stops adding trace ids to the requests of this process. */
  close(): void;
}

export const TRACE_HEADER = 'x-amzn-trace-id';

const REQUEST_CREATED = channel('http.client.request.created');

export function openInvocations(): Invocations {
  const known = new Map<string, Exclude<Caller, undefined>>();
  const current = new AsyncLocalStorage<string>();
  const mark = (message: unknown): void => {
    const request = isObject(message) ? message.request : null;
    const traceId = current.getStore();
    if (traceId !== undefined && request instanceof ClientRequest) request.setHeader(TRACE_HEADER, traceId);
  };
  REQUEST_CREATED.subscribe(mark);
  return {
    callerOf: (traceId) => known.get(String(traceId)),
    close: () => REQUEST_CREATED.unsubscribe(mark),
    run: async (work) => {
      const traceId = randomUUID();
      const { promise: killed, reject } = Promise.withResolvers<never>();
      const kill = (): void => reject(new TokenwrightError('killed', 'Runtime exited with error: signal: killed'));
      known.set(traceId, { kill });
      try {
        return await Promise.race([current.run(traceId, work), killed]);
      } finally {
        known.set(traceId, 'gone');
      }
    },
  };
}

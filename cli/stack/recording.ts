/** Records for `dev --data` every auth event that the bus or POST /pre receives: a JSON line each, without secrets. */
import { appendFileSync, chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import type { Observer } from '../../infra/local/delivery.ts';
import { isoTime } from '../../lib/base/clock.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { dropSecrets, OWN_SOURCE } from '../../lib/event/boundary.ts';

/** Returns an observer that records events. @param file the file to append to */
export function recorder(file: string): Observer {
  mkdirSync(dirname(file), { recursive: true });
  // An earlier version left the file readable to others.
  if (existsSync(file)) chmodSync(file, 0o600);
  const record = (event: unknown): void => {
    const { value } = dropSecrets(event);
    if (parseAuthEvent(value).ok) appendFileSync(file, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  };
  return {
    onEvent: (_bus, envelope) => {
      if (envelope.source !== OWN_SOURCE) record(envelope);
    },
    onInvocation: ({ event }) => {
      const called = PreCall.safeParse(event);
      if (called.success) record(preEvent(called.data));
    },
  };
}

const PreCall = z.looseObject({
  rawPath: z.literal('/pre'),
  body: z.string(),
  requestContext: z.looseObject({ timeEpoch: z.number() }),
});

/** Returns the event of a call of POST /pre, completed as pre does it. */
function preEvent({ body, requestContext }: z.output<typeof PreCall>): unknown {
  try {
    const event = JSON.parse(body) as { detail?: object };
    const filled = { id: 'http', time: isoTime(requestContext.timeEpoch), ...event };
    return { ...filled, detail: { ...event.detail, position: 'pre' } };
  } catch {
    return undefined; // not JSON: pre refuses it as well
  }
}

/**
 * `POST /pre`: an auth event whose `pre` definitions run before the caller goes on, answered with their outcomes. A
 * client that got no answer repeats its call with the same id. What was announced is told again to the same caller
 * alone: an event of another caller is another event, whatever source and id it names.
 */
import { isoTime } from '../base/clock.ts';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { type AuthEvent, parseAuthEvent } from '../event/auth-event.ts';
import { dropSecrets } from '../event/boundary.ts';
import type { Outcome } from '../event/outcome.ts';
import { Refusal } from '../schema/validate.ts';
import { type HttpCall, type HttpOperations, json, UNSIGNED } from './call.ts';

export interface PreTools {
  /** Does the event's `pre` definitions. @throws whatever is transient */
  run(event: AuthEvent): Promise<readonly Outcome[]>;
  /** Told how many secrets an event had. */
  onSecretsDropped(count: number): void;
}

export function preOperations({ run, onSecretsDropped }: PreTools): HttpOperations {
  return {
    'POST /pre': async (call) => {
      const { value, dropped } = dropSecrets(call.event());
      if (dropped > 0) onSecretsDropped(dropped);
      return json(200, { outcomes: await run(readEvent(value, call)) });
    },
  };
}

/** @throws Refusal */
function readEvent(given: unknown, { now, caller }: HttpCall): AuthEvent {
  // A caller over HTTP has no envelope to fill in: `id` and `time` are the bus's otherwise.
  const envelope = isObject(given) && !Array.isArray(given) ? { id: 'http', time: isoTime(now), ...given } : given;
  const parsed = parseAuthEvent(envelope, now);
  const detail = isObject(given) ? given.detail : null;
  const isUnnamed = isObject(detail) && (detail.id ?? null) === null;
  if (parsed.ok && !isUnnamed) return { ...parsed.value, position: 'pre', ...signedBy(caller) };
  throw new Refusal([...(parsed.ok ? [] : parsed.errors), ...(isUnnamed ? [missingId()] : [])]);
}

/**
 * Who signed. Of an assumed role the role: its sessions come and go, and a retry may come from another one. On one
 * machine nobody signs.
 */
function signedBy(arn: string): Pick<AuthEvent, 'caller'> {
  if (arn === UNSIGNED) return {};
  return { caller: /^(arn:[^:]*:sts::\d*:assumed-role\/[^/]+)\//.exec(arn)?.[1] ?? arn };
}

function missingId(): TokenwrightError {
  const message = "is required: a client's retry must not double what the first call did";
  return new TokenwrightError('bad_event', message, { path: 'detail.id' });
}

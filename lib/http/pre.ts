/**
 * `POST /pre`: runs the `pre` definitions of an auth event before its sender goes on, and answers with their outcomes. A
 * client without an answer repeats its call with the same id. An outcome is repeated to the same caller only: an event of
 * another caller is another event, whatever its source and id.
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
  /** Runs the event's `pre` definitions. @throws any transient error */
  run(event: AuthEvent): Promise<readonly Outcome[]>;
  /** Called with the number of secrets that were dropped from an event. */
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
  // A caller over HTTP may leave out `id` and `time`, which the bus sets otherwise.
  const envelope = isObject(given) && !Array.isArray(given) ? { id: 'http', time: isoTime(now), ...given } : given;
  const parsed = parseAuthEvent(envelope, now);
  const detail = isObject(given) ? given.detail : null;
  const isUnnamed = isObject(detail) && (detail.id ?? null) === null;
  if (parsed.ok && !isUnnamed) return { ...parsed.value, position: 'pre', ...signedBy(caller) };
  throw new Refusal([...(parsed.ok ? [] : parsed.errors), ...(isUnnamed ? [missingId()] : [])]);
}

/**
 * The caller by the ARN that signed; of an assumed role the role, since a retry may come from another session. On one
 * machine requests are not signed.
 */
function signedBy(arn: string): Pick<AuthEvent, 'caller'> {
  if (arn === UNSIGNED) return {};
  return { caller: /^(arn:[^:]*:sts::\d*:assumed-role\/[^/]+)\//.exec(arn)?.[1] ?? arn };
}

function missingId(): TokenwrightError {
  const message = "is required: a client's retry must not double what the first call did";
  return new TokenwrightError('bad_event', message, { path: 'detail.id' });
}

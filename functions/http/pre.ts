/**
 * `POST /pre`: an auth event whose `pre` definitions run before the caller goes on: the same plan and the
 * same steps in one call, answered with the outcomes. They go on the results bus without their `response`.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { isoTime } from '../../lib/base/clock.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { dropSecrets } from '../../lib/event/secrets.ts';
import { type HttpResponse, json, problem } from '../../lib/http/problem.ts';
import { count, observed } from '../../lib/lambda/observe.ts';
import { runPreDefinitions } from '../../lib/lambda/pre-definitions.ts';
import { sealingRuntime } from '../../lib/lambda/sealing-runtime.ts';

export const handler = observed(async (request: APIGatewayProxyEventV2): Promise<HttpResponse> => {
  const runtime = sealingRuntime();
  count('PreEvents');
  const event = readEvent(request);
  if ('statusCode' in event) return event;
  const outcomes = await runPreDefinitions(event, runtime);
  return json(200, { outcomes });
});

function readEvent(request: APIGatewayProxyEventV2) {
  const body = readBody(request);
  if (body instanceof TokenwrightError) return problem(400, 'Not an auth event', [body]);
  const { value, dropped } = dropSecrets(body);
  if (dropped > 0) count('SecretsDropped', dropped);
  const { timeEpoch } = request.requestContext;
  const parsed = parseAuthEvent(complete(value, timeEpoch), timeEpoch);
  if (parsed.ok && parsed.value.hasOwnId) return parsed.value;
  const errors = [...(parsed.ok ? [] : parsed.errors), ...(hasDetailWithoutId(value) ? [missingId()] : [])];
  return problem(400, 'Not an auth event', errors);
}

function hasDetailWithoutId(event: unknown): boolean {
  const read = DetailWithoutId.safeParse(event);
  return read.success && read.data.detail.id == null;
}

const DetailWithoutId = z.looseObject({ detail: z.looseObject({ id: z.optional(z.unknown()) }) });

function missingId(): TokenwrightError {
  const message = "is required: a client's retry must not double what the first call did";
  return new TokenwrightError('bad_event', message, { path: 'detail.id' });
}

function readBody({ body, isBase64Encoded }: APIGatewayProxyEventV2): unknown {
  try {
    const text = isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString() : (body ?? '');
    return JSON.parse(text) as unknown;
  } catch {
    return new TokenwrightError('bad_event', 'the body is not JSON', { allowed: 'an auth event as JSON' });
  }
}

/** A caller over HTTP has no envelope to fill in: `id` and `time` are the bus's otherwise. */
function complete(event: unknown, timeEpoch: number): unknown {
  if (event === null || typeof event !== 'object' || Array.isArray(event)) return event;
  return { id: 'http', time: isoTime(timeEpoch), ...event };
}

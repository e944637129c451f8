/** Makes a function of the HTTP API: finds the operation of the route, and answers refusals with problem details. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { type HttpCall, type HttpOperations, type HttpResponse, problem, refusalOf, UNSIGNED } from '../http/call.ts';
import { jsonFault, parseEventJson, parseJson } from '../text/json.ts';
import { observed } from './observe.ts';

/** Makes the handler. @param operations is called for each request */
export function httpHandler(operations: () => HttpOperations) {
  return observed(async (request: APIGatewayProxyEventV2): Promise<HttpResponse> => {
    const all = operations();
    const operation = Object.hasOwn(all, request.routeKey) ? all[request.routeKey] : undefined;
    if (!operation) {
      const message = `there is no ${request.routeKey} here`;
      return problem(404, 'Not found', [new TokenwrightError('unknown_route', message, { allowed: Object.keys(all) })]);
    }
    try {
      return await operation(callOf(request));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) return refusal;
      throw error;
    }
  });
}

function callOf(request: APIGatewayProxyEventV2): HttpCall {
  return {
    path: request.pathParameters ?? {},
    query: request.queryStringParameters ?? {},
    body: () => readJson(request, parseJson),
    event: () => readJson(request, parseEventJson),
    caller: callerOf(request.requestContext) ?? UNSIGNED,
    now: request.requestContext.timeEpoch,
  };
}

const Signed = z.looseObject({ authorizer: z.looseObject({ iam: z.looseObject({ userArn: z.string() }) }) });

/** Reads the ARN that signed the call; `null` if it is not signed. */
export function callerOf(context: unknown): string | null {
  const signed = Signed.safeParse(context);
  return signed.success ? signed.data.authorizer.iam.userArn : null;
}

function readJson({ body, isBase64Encoded }: APIGatewayProxyEventV2, read: (text: string) => unknown): unknown {
  try {
    return read(isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString() : (body ?? ''));
  } catch (error) {
    // Without the cause, whose message may quote a secret of the body.
    throw new TokenwrightError('bad_body', `the body is not JSON: ${jsonFault(error)}`, { allowed: 'JSON' });
  }
}

/** A function of the front door: API Gateway's requests in payload format 2.0. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type HttpAnswer, writeFault } from '../auth-api/envelope.ts';
import { unavailable } from '../auth-api/fault.ts';
import type { RawRequest } from '../auth-api/parameters.ts';
import { type Api, serveApi } from '../auth-api/serve.ts';
import { callerOf } from './http-handler.ts';
import { count, logger, observed } from './observe.ts';

/** @param api made of what the function works with, at each call */
export function authHandler(api: () => Api) {
  return observed(async (event: APIGatewayProxyEventV2): Promise<HttpAnswer> => {
    const request = rawRequestOf(event);
    try {
      return await serveApi(request, api());
    } catch (error) {
      if (isOurFault(error)) throw error;
      logger.error('a request could not be served', { error });
      count('RequestsUnavailable');
      return writeFault(unavailable(), request.now);
    }
  });
}

/** Form bodies come in base64, as API Gateway hands over all that is no text. */
export function rawRequestOf(event: APIGatewayProxyEventV2): RawRequest {
  const { requestId, timeEpoch, http } = event.requestContext;
  return {
    id: requestId,
    method: http.method,
    path: event.rawPath,
    query: event.rawQueryString,
    headers: event.headers,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    clientIp: http.sourceIp || null,
    signedBy: callerOf(event.requestContext),
    now: timeEpoch,
  };
}

/** A mistake in the code, which no second attempt mends: all else is a table, a bus or a key out of reach. */
function isOurFault(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}

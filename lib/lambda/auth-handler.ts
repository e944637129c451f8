/** Makes a function of the front door, for API Gateway's requests in payload format 2.0. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { writeFault } from '../auth-api/envelope.ts';
import { unavailable } from '../auth-api/fault.ts';
import type { RawRequest } from '../auth-api/parameters.ts';
import { type Api, serveApi } from '../auth-api/serve.ts';
import type { HttpResponse } from '../http/call.ts';
import { callerOf } from './http-handler.ts';
import { count, logger, observed } from './observe.ts';

/** Makes the handler. @param api is called for each request */
export function authHandler(api: () => Api) {
  return observed(async (event: APIGatewayProxyEventV2): Promise<HttpResponse> => {
    const request = rawRequestOf(event);
    try {
      return await inTime(serveApi(request, api()));
    } catch (error) {
      if (isOurFault(error)) throw error;
      logger.error('a request could not be served', { error });
      count('RequestsUnavailable');
      return writeFault(unavailable(), request.now);
    }
  });
}

/** Reads an event of API Gateway, which passes form bodies in base64. */
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
    // The route's authorizer has checked the signature; on one machine there is none.
    signedBy: event.routeKey.includes(' /iam/') ? (callerOf(event.requestContext) ?? 'unsigned') : null,
    now: timeEpoch,
  };
}

/** Limits the time of an answer: FreeRADIUS' plugin gives up after 10 s. */
const ANSWERED_WITHIN_MS = 9000;

/** @throws Error if the work takes longer than `ANSWERED_WITHIN_MS` */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`no answer within ${ANSWERED_WITHIN_MS} ms`)),
    ANSWERED_WITHIN_MS,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Tells whether it is a programming error. Any other error means that a table, the bus or a key cannot be reached. */
function isOurFault(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}

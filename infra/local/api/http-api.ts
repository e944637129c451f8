/**
 * The HTTP API: passes a request to the function of its route, in API Gateway's payload format 2.0. Callers are not
 * authorized here: on AWS the authorizer of the route does that.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { isRecord, record, text } from '../json.ts';
import type { LambdaRuntime } from '../lambda.ts';
import { ACCOUNT } from '../references.ts';
import type { LambdaFunction, Route, Wiring } from '../wiring.ts';
import { bytesOf, foreignCaller } from './server.ts';

export interface HttpRequest {
  readonly method: string;
  /** With the query, if any. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The address of the caller; default: this machine. */
  readonly sourceIp?: string | undefined;
  /** The time of receipt, in milliseconds since 1970; default: now. */
  readonly at?: number;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type HttpApi = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * @param onInvoked is told of each call of a function: its result, or the error, which the caller only sees as a 500
 */
export function httpApi(
  wiring: Wiring,
  runtime: LambdaRuntime,
  now: () => number,
  onInvoked: (lambda: LambdaFunction, event: unknown, ended: { result: unknown } | { error: unknown }) => void,
): HttpApi {
  return async (request) => {
    const url = new URL(request.path, 'http://localhost');
    const route = wiring.routes.find((candidate) => meets(candidate, request.method, url.pathname));
    const lambda = wiring.functions.find(({ arn }) => arn === route?.functionArn);
    if (route === undefined || lambda === undefined) return json(404, { message: 'Not Found' });
    const event = payload(request, url, route, request.at ?? now());
    try {
      const result = await runtime.invoke(lambda, event);
      onInvoked(lambda, event, { result });
      return answerOf(result);
    } catch (error) {
      onInvoked(lambda, event, { error });
      return json(500, { message: 'Internal Server Error' });
    }
  };
}

export function httpServer(api: () => HttpApi): Server {
  return createServer(async (request, response) => {
    const foreign = foreignCaller(request);
    if (foreign !== null) {
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ message: foreign }));
      return;
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const body = await bytesOf(request);
    const { method = 'GET', url: path = '/' } = request;
    const call = { method, path, headers, body, sourceIp: request.socket.remoteAddress };
    const answer = await api()(call).catch(() => json(400, { message: 'Bad Request' }));
    response.writeHead(answer.statusCode, answer.headers).end(answer.body);
  });
}

function meets({ method, path }: Route, given: string, pathname: string): boolean {
  if (method !== given.toUpperCase() && method !== 'ANY') return false;
  const wanted = path.split('/');
  const parts = pathname.split('/');
  const rest = wanted.at(-1)?.endsWith('+}') ? parts.length - wanted.length : 0;
  if (parts.length - rest !== wanted.length || rest < 0) return false;
  return wanted.every((part, index) => part.startsWith('{') || part === parts[index]);
}

function payload(
  { method, headers = {}, body, sourceIp = '127.0.0.1' }: HttpRequest,
  url: URL,
  route: Route,
  now: number,
): object {
  const query = Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key).join(',')]),
  );
  const parts = url.pathname.split('/');
  const parameters = route.path.split('/').flatMap((part, index) => {
    if (!part.startsWith('{')) return [];
    const given = part.endsWith('+}') ? parts.slice(index).join('/') : (parts[index] ?? '');
    return [[part.replace(/[{+}]/g, ''), decodeLeniently(given)]];
  });
  return {
    version: '2.0',
    routeKey: `${route.method} ${route.path}`,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(url.search === '' ? {} : { queryStringParameters: query }),
    ...(parameters.length === 0 ? {} : { pathParameters: Object.fromEntries(parameters) }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: {
        method: method.toUpperCase(),
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: `${route.method} ${route.path}`,
      stage: '$default',
      time: new Date(now).toUTCString(),
      timeEpoch: now,
    },
    ...bodyFields(Buffer.from(body ?? ''), headers['content-type'] ?? ''),
  };
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The content types that API Gateway passes on as text; all others, also forms, come in base64. */
const PLAIN = /^(text\/|application\/(json|javascript|xml))/;

function bodyFields(body: Buffer, type: string) {
  if (body.length === 0) return { isBase64Encoded: false };
  const isPlain = type === '' || PLAIN.test(type);
  return { body: body.toString(isPlain ? 'utf8' : 'base64'), isBase64Encoded: !isPlain };
}

/** Converts the result of a function as API Gateway does: a result without a status code is the body. */
function answerOf(result: unknown): HttpAnswer {
  if (!isRecord(result) || typeof result.statusCode !== 'number') return json(200, result ?? null);
  const headers = Object.fromEntries(
    Object.entries(record(result.headers)).map(([name, value]) => [name, String(value)]),
  );
  const body = text(result.body) ?? '';
  return {
    statusCode: result.statusCode,
    headers,
    body: result.isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body,
  };
}

function json(statusCode: number, body: unknown): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

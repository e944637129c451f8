/**
 * Serves several AWS APIs on one port: in the AWS JSON protocols the header `X-Amz-Target` names service and operation.
 * Signatures are not checked.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Json, record } from '../json.ts';
import { AwsRefusal, type Operations } from './operation.ts';

export interface Service {
  /** The beginning of `X-Amz-Target`: `AWSEvents`; empty for REST services, whose operations are named by path. */
  readonly target: string;
  /** The name under which its calls are counted: `events`. */
  readonly name: string;
  readonly operations: Operations;
}

/** @param count is told of every call: `events:PutEvents` */
export function apiServer(services: () => readonly Service[], count: (call: string) => void): Server {
  return createServer((request, response) => {
    void answer(request, services(), count).then(
      (result) => send(response, 200, result),
      (error) => refuse(response, error),
    );
  });
}

async function answer(
  request: IncomingMessage,
  services: readonly Service[],
  count: (call: string) => void,
): Promise<Json> {
  const foreign = foreignCaller(request);
  if (foreign !== null) throw new AwsRefusal('AccessDeniedException', foreign, 403);
  const body = await bodyOf(request);
  const target = String(request.headers['x-amz-target'] ?? '');
  const [prefix = '', name = ''] = target === '' ? ['', `${request.method} ${request.url}`] : target.split('.');
  const service = services.find((candidate) => candidate.target === prefix);
  const operation = service && Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (service === undefined || operation === undefined) {
    throw new AwsRefusal('UnknownOperationException', `The local stack does not know the operation "${target}".`);
  }
  count(`${service.name}:${name}`);
  return operation(parse(body));
}

/** The host names under which the server may be called. */
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * The reason why a request is refused, or `null`. A page in a browser on this machine must not call the local stack:
 * neither from another origin nor under a foreign host name that resolves to this machine (DNS rebinding).
 */
export function foreignCaller({ headers: { host = '', origin } }: IncomingMessage): string | null {
  if (!LOCAL.test(host)) return `"${host.slice(0, 100)}" is not a name of this machine`;
  if (origin === undefined || LOCAL.test(origin.replace(/^https?:\/\//, ''))) return null;
  return `pages of "${origin.slice(0, 100)}" may not call the local stack`;
}

/** The body of a request, as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  return (await bytesOf(request)).toString('utf8');
}

export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function parse(body: string): Json {
  try {
    return record(JSON.parse(body === '' ? '{}' : body));
  } catch {
    throw new AwsRefusal('SerializationException', 'The request is not JSON.');
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof AwsRefusal ? error : new AwsRefusal('InternalFailure', String(error), 500);
  response.setHeader('x-amzn-errortype', refusal.type);
  send(response, refusal.status, { __type: refusal.type, message: refusal.message });
}

function send(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() });
  response.end(JSON.stringify(body));
}

/**
 * An HTTP server that answers as STS, S3 and CloudFormation do, as far as `osls deploy` and `remove` ask: objects are
 * kept, a change set is executed into a stack. It refuses what an account would refuse: code that was never uploaded,
 * and a physical name that another stack holds.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen, stopServer } from '../../infra/local/listen.ts';
import { ACCOUNT, type Answer, xml } from './answer.ts';
import { cloudFormation, type Stacks } from './cloudformation.ts';
import { type Buckets, s3 } from './s3.ts';

export interface AwsEndpoint {
  readonly url: string;
  readonly buckets: Buckets;
  readonly stacks: Stacks;
  /** Every call so far: `CloudFormation ExecuteChangeSet`, `S3 PUT`. */
  readonly calls: readonly string[];
  /** The next update of that stack ends in a rollback, as where a resource cannot be made. */
  failNext(stack: string): void;
  stop(): Promise<void>;
}

/** Starts the server on a free port of this machine. */
export async function startAwsEndpoint(): Promise<AwsEndpoint> {
  const buckets: Buckets = new Map();
  const stacks: Stacks = new Map();
  const calls: string[] = [];
  const failures = { next: '' };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = await buffer(request);
    const query = new URLSearchParams(body.toString('utf8'));
    const action = query.get('Action');
    // osls asks other services whether they hold anything of the stack: here none does.
    if (request.headers['x-amz-target'] !== undefined)
      return { status: 400, body: '{"__type":"RepositoryNotFoundException"}' };
    if (action === null || request.method === 'PUT') {
      calls.push(`S3 ${request.method}`);
      return s3(buckets, request.method ?? 'GET', url, body, request.headers);
    }
    calls.push(action === 'GetCallerIdentity' ? `STS ${action}` : `CloudFormation ${action}`);
    if (action === 'GetCallerIdentity')
      return xml(action, `<Account>${ACCOUNT}</Account><Arn>arn:aws:iam::${ACCOUNT}:user/deployer</Arn>`);
    return cloudFormation({ stacks, buckets, failures }, action, query);
  };
  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown): Answer => ({ status: 500, body: String(error) }))
      .then(({ status = 200, body = '', headers = {} }) => response.writeHead(status, headers).end(body));
  });
  const [url = ''] = await listen([server], 0);
  return {
    url,
    buckets,
    stacks,
    calls,
    failNext: (stack) => {
      failures.next = stack;
    },
    stop: () => stopServer(server),
  };
}

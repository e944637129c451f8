/** Forwards calls unchanged to the endpoint behind a server. */
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { bodyOf } from '../api/server.ts';

export interface Call {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

/** Makes the function that forwards a call and answers what came back. It throws if nothing answers. */
export function forwardTo(endpoint: string): (call: Call) => Promise<Answer> {
  const agent = new Agent({ keepAlive: true });
  return ({ path, headers, body }) =>
    new Promise((resolve, reject) => {
      const { host: _host, connection: _connection, ...kept } = headers;
      const outgoing = request(new URL(path, endpoint), { method: 'POST', headers: kept, agent }, (incoming) => {
        bodyOf(incoming).then((answer) => {
          const { 'transfer-encoding': _encoding, connection: _own, ...shown } = incoming.headers;
          resolve({ status: incoming.statusCode ?? 500, headers: shown, body: answer });
        }, reject);
      });
      outgoing.on('error', reject).end(body);
    });
}

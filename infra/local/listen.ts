/** Lets servers listen on 127.0.0.1 only, on ports in a row or on any free ones. */
import type { Server } from 'node:http';
import { TokenwrightError } from '../../lib/base/error.ts';

const HOST = '127.0.0.1';

/**
 * Lets the servers listen. They keep connections open as long as the client does. With Node's default of five seconds,
 * a process that was blocked for that long would close a connection just when a client, often in the same process,
 * sends its next request, which then fails with ECONNRESET.
 *
 * @param port the port of the first; 0: any free one for each
 * @returns their addresses, in order
 * @throws TokenwrightError `port_in_use`, after closing all of them
 */
export async function listen(servers: readonly Server[], port: number): Promise<string[]> {
  const results = await Promise.allSettled(
    servers.map((server, index) => listenOn(server, port === 0 ? 0 : port + index)),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined) return servers.map(addressOf);
  await Promise.all(servers.filter(({ listening }) => listening).map(stopServer));
  throw failed.reason;
}

/** Closes a server and its open connections. */
export function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function listenOn(server: Server, port: number): Promise<void> {
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = 'code' in error ? error.code : undefined;
      const message = `port ${port} of ${HOST} is ${code === 'EADDRINUSE' ? 'in use' : 'not available'} (${String(code)})`;
      reject(new TokenwrightError('port_in_use', message, { path: 'port', given: port, allowed: 'a free port, or 0' }));
    });
    server.listen(port, HOST, () => resolve());
  });
}

function addressOf(server: Server): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://${HOST}:${address.port}` : '';
}

/**
 * Follows the outcomes of the local stack: `dev` and `start` write every outcome and bulk summary to a socket in their folder.
 * They contain announced secrets, such as PINs, so only this user may open the socket.
 */
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Envelope } from '../../infra/local/envelope.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isResult } from '../output/display.ts';

/** A relative path, because the path of a socket may have only about a hundred characters. */
const SOCKET = join('.tokenwright', 'outcomes.sock');

export interface Tail {
  tell(envelope: Envelope): void;
  close(): void;
}

/** Opens the socket of the stack in this folder. If that fails, only "outcomes tail" does not work. */
export function serveTail(): Tail {
  const listeners = new Set<Socket>();
  rmSync(SOCKET, { force: true });
  const server = createServer((socket) => {
    listeners.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => listeners.delete(socket));
  });
  server.on('error', ({ message }) => process.stderr.write(`note: "outcomes tail" will not work: ${message}\n`));
  server.listen(SOCKET, () => chmodSync(SOCKET, 0o600));
  server.unref();
  return {
    tell(envelope) {
      if (!isResult(envelope)) return;
      for (const socket of listeners) socket.write(`${JSON.stringify(envelope)}\n`);
    },
    close() {
      server.close();
      for (const socket of listeners) socket.destroy();
      rmSync(SOCKET, { force: true });
    },
  };
}

/** Yields each event of the results bus from now on, until the stack stops. @throws TokenwrightError `no_stack` */
export async function* followTail(): AsyncGenerator<Envelope> {
  const socket = connect(SOCKET);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', () => {
      const allowed = 'start one with "npx tokenwright dev", or follow a deployed one with --stage and --serial';
      reject(new TokenwrightError('no_stack', 'no local stack is running here', { allowed }));
    });
  });
  for await (const line of createInterface(socket)) yield JSON.parse(line) as Envelope;
}

/** Runs DynamoDB Local for all test files of a run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { installDynamodbLocal } from './installation.ts';

/** Starts it, and names it in the environment of the test files. @returns how to stop it */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await installDynamodbLocal();
  const port = await freePort();
  const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx1g'];
  const jar = ['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'];
  // Not shared: each access key has tables of its own.
  const args = [...quick, ...jar, '-port', String(port), '-inMemory', '-disableTelemetry'];
  const java = spawn('java', args, { cwd: folder, stdio: 'ignore' });
  const ended = once(java, 'exit');
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; !(await answers(url)); attempt += 1) {
    if (attempt === 300) throw new Error('DynamoDB Local does not answer');
    await wait(100);
  }
  process.env.DYNAMODB_LOCAL_URL = url;
  return async () => {
    java.kill();
    await ended;
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

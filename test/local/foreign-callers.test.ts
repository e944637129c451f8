/** Requests that a web page in a developer's browser could send to the local stack are refused. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpServer } from '../../infra/local/api/http-api.ts';
import { apiServer } from '../../infra/local/api/server.ts';
import { listen, stopServer } from '../../infra/local/listen.ts';

const reached: string[] = [];
const http = httpServer(() => async ({ path }) => {
  if (path === '//') throw new Error('no address');
  reached.push(path);
  return { statusCode: 200, headers: {}, body: '' };
});
const aws = apiServer(
  () => [],
  () => undefined,
);
let addresses: string[] = [];

beforeAll(async () => {
  addresses = await listen([http, aws], 0);
});
afterAll(() => Promise.all([http, aws].map(stopServer)));

function send(address: string, path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${address}${path}`, { method: 'POST', headers }, async (answer) => {
      await text(answer);
      resolve(answer.statusCode);
    });
    sent.on('error', reject).end('{}');
  });
}

it.each<Record<string, string>>([
  { host: 'attacker.example' },
  { host: 'localhost.attacker.example' },
  { origin: 'https://attacker.example', 'content-type': 'text/plain' },
  { origin: 'null' },
])('is not done: %o', async (headers) => {
  for (const address of addresses) expect(await send(address, '/pre', headers)).toBe(403);
  expect(reached).toEqual([]);
});

it('answers callers of this machine, also after a malformed path', async () => {
  const [address = ''] = addresses;
  expect(await send(address, '//', {})).toBe(400);
  expect(await send(address, '/pre', { host: 'localhost:1' })).toBe(200);
  expect(await send(address, '/tokens/%E0%A4%A', { origin: 'http://127.0.0.1:8000' })).toBe(200);
});

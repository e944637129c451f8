/**
 * test/cli proves that each command does what its help says, prints what it documents, and refuses wrong input.
 *
 * The commands of administrators and API keys, on a running stack, and what they are good for at once.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stack, startStack } from '../../infra/local/stack.ts';

const ROOT = join(import.meta.dirname, '../..');
let stack: Stack;
let folder: string;

beforeAll(async () => {
  const environment = { VALIDATE_ACCESS: 'key', POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  stack = await startStack({ root: ROOT, environment });
  folder = await mkdtemp(join(tmpdir(), 'tokenwright-accounts-'));
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true });
});

function tokenwright(args: readonly string[], input = ''): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/tokenwright.js'), ...args], {
      env: { ...process.env, ...stack.environment },
      cwd: folder,
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.on('close', (code) => resolve({ code, out }));
    child.stdin.end(input);
  });
}

async function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  const answer = await fetch(stack.endpoints.http + path, { method: 'POST', body: new URLSearchParams(form), headers });
  return { status: answer.status, body: await answer.json() };
}

it('adds an administrator, who logs in; removed, no more', async () => {
  expect(await tokenwright(['admins', 'add', 'ada'], 'correct horse\n')).toEqual({
    code: 0,
    out: 'added administrator ada\n',
  });
  expect((await tokenwright(['admins', 'add', 'ada'], 'other\n')).code).toBe(1);
  expect((await tokenwright(['admins', 'list'])).out).toMatch(/^username {2}created\nada {7}20/);
  const login = await post('/auth', { username: 'ada', password: 'correct horse' });
  expect(login).toMatchObject({ status: 200, body: { result: { value: { role: 'admin', username: 'ada' } } } });
  expect((await tokenwright(['admins', 'remove', 'ada'])).code).toBe(0);
  expect((await post('/auth', { username: 'ada', password: 'correct horse' })).status).toBe(401);
  expect((await tokenwright(['admins', 'remove', 'ada'])).code).toBe(1);
});

it('makes an API key that opens /validate/*, by header and by path, and no more', async () => {
  const { out } = await tokenwright(['keys', 'add', '--description', 'radius']);
  const key = out.trim();
  const wanted = { user: 'nobody', pass: '1' };
  expect(await post('/validate/check', wanted)).toMatchObject({
    status: 403,
    body: { result: { error: { code: 303 } } },
  });
  const ways: Record<string, string>[] = [{ 'x-api-key': key }, { 'pi-authorization': key }, { authorization: key }];
  for (const headers of ways) {
    expect(await post('/validate/check', wanted, headers)).toMatchObject({
      body: { result: { error: { code: 904 } } },
    });
  }
  expect(await post(`/k/${key}/validate/check`, wanted)).toMatchObject({ body: { result: { error: { code: 904 } } } });
  const init = await post('/token/init', { type: 'spass' }, { authorization: key });
  expect(init).toMatchObject({ status: 401, body: { result: { error: { code: 4306 } } } });
  expect((await post('/validate/check', wanted, { 'x-api-key': `${key}x` })).status).toBe(403);
});

it('shows no key and no password again', async () => {
  const { out } = await tokenwright(['keys', 'add', '--role', 'admin', '--json']);
  const { id, key } = JSON.parse(out);
  const listed = (await tokenwright(['keys', 'list', '--json'])).out;
  expect(listed).toContain(id);
  expect(listed).not.toContain(key.slice(-20));
  expect((await post('/token/init', { type: 'spass' }, { 'x-api-key': key })).status).toBe(200);
  expect((await tokenwright(['keys', 'remove', id])).code).toBe(0);
});

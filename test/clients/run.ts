/**
 * Proves that existing clients work unchanged with the front door, on loopback: `npm run clients`. They are in Debian's
 * packages freeradius, freeradius-rest, freeradius-utils, oathtool, php-cli, php-curl and curl. Exits with 1 where an
 * answer differs from docs/clients.md.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startFreeradius } from './freeradius.ts';
import { ADMIN, KEY, startDoor } from './stack.ts';

const run = promisify(execFile);
const PHP = join(import.meta.dirname, 'check.php');
let failures = 0;
let otps = 0;

function expectIn(name: string, printed: string, wanted: RegExp): void {
  const holds = wanted.test(printed);
  if (!holds) failures += 1;
  process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${name}${holds ? '' : `: ${wanted} is not in\n${printed}`}\n`);
}

const totp = async (): Promise<string> => (await run('oathtool', ['--totp', KEY])).stdout.trim();

/** The next one-time password of the token by counter. */
async function hotp(): Promise<string> {
  otps += 1;
  return (await run('oathtool', ['--counter', String(otps - 1), KEY])).stdout.trim();
}

async function curl(url: string, ...args: readonly string[]): Promise<string> {
  return (await run('curl', ['--silent', '--show-error', '--max-time', '20', ...args, url])).stdout;
}

async function php(
  url: string,
  fields: Readonly<Record<string, string>>,
  ...headers: readonly string[]
): Promise<string> {
  return (await run('php', [PHP, url, JSON.stringify(fields), ...headers])).stdout;
}

const stack = await startDoor();
const door = stack.endpoints.http;
const check = `${door}/validate/check`;
const ACCEPT = /"authentication":"ACCEPT"/;
const REJECT = /"authentication":"REJECT"/;

expectIn(
  'curl, a form, oathtool as the app',
  await curl(check, '-d', 'user=alice', '-d', `pass=pin${await totp()}`),
  ACCEPT,
);
expectIn('curl, multipart', await curl(check, '-F', 'user=bärbel', '-F', 'pass=a+b ä&=100%'), ACCEPT);
expectIn('curl, encoded twice', await curl(check, '-d', 'user=d%256fra', '-d', 'pass=x%252541y'), ACCEPT);
const once = ['-d', 'user=dora', '-d', 'pass=x%2541y'];
expectIn('curl, encoded once: %41 is read as A', await curl(check, ...once), REJECT);
for (const agent of ['privacyidea-cp/3.8.0 Windows/PC', 'privacyIDEA-LDAP-Proxy', 'simpleSAMLphp']) {
  expectIn(`curl, encoded once, as ${agent}`, await curl(check, '-A', agent, ...once), ACCEPT);
}
const json = JSON.stringify({ user: 'dora', pass: 'x%41y' });
expectIn('curl, JSON', await curl(check, '-H', 'content-type: application/json', '-d', json), ACCEPT);
expectIn('curl, JSON as text/plain', await curl(check, '-H', 'content-type: text/plain', '-d', json), ACCEPT);
expectIn('curl, the query', await curl(`${check}?user=dora&pass=x%252541y`), ACCEPT);

expectIn('php, an array: multipart', await php(check, { user: 'bärbel', pass: 'a+b ä&=100%' }), ACCEPT);
expectIn(
  'php, as simpleSAMLphp',
  await php(check, { user: 'dora', pass: 'x%41y' }, 'User-Agent: simpleSAMLphp'),
  ACCEPT,
);
const login = await php(`${door}/auth`, ADMIN);
const token = /"token":"([^"]+)"/.exec(login)?.[1] ?? '';
expectIn('php, /auth', login, /"role":"admin"/);
const triggered = await php(`${door}/validate/triggerchallenge`, { user: 'carol' }, `authorization: ${token}`);
const transaction_id = /"transaction_id":"(\d{20})"/.exec(triggered)?.[1] ?? '';
expectIn('php, triggerchallenge', triggered, /"authentication":"CHALLENGE"/);
expectIn('php, a wrong answer', await php(check, { user: 'carol', pass: '000000', transaction_id }), REJECT);
expectIn('php, the answer', await php(check, { user: 'carol', pass: await hotp(), transaction_id }), ACCEPT);

const radius = await startFreeradius(door, 'radiuscheck', 18_120);
const asBaerbel = { 'User-Name': 'bärbel', 'User-Password': 'a+b ä&=100%' };
expectIn('FreeRADIUS, radiuscheck', await radius.ask(asBaerbel), /Access-Accept/);
expectIn('FreeRADIUS, radiuscheck, wrong', await radius.ask({ ...asBaerbel, 'User-Password': 'x' }), /Access-Reject/);
await radius.stop();

const challenging = await startFreeradius(door, 'check', 18_121);
expectIn('FreeRADIUS, check', await challenging.ask(asBaerbel), /Access-Accept/);
const challenge = await challenging.ask({ 'User-Name': 'carol', 'User-Password': 'pin' });
const State = /State = (0x[0-9a-f]+)/.exec(challenge)?.[1] ?? '0x00';
expectIn('FreeRADIUS, check, a challenge', challenge, /Access-Challenge/);
const answer = { 'User-Name': 'carol', State };
expectIn(
  'FreeRADIUS, a wrong answer',
  await challenging.ask({ ...answer, 'User-Password': '000000' }),
  /Access-Reject/,
);
expectIn(
  'FreeRADIUS, the answer',
  await challenging.ask({ ...answer, 'User-Password': await hotp() }),
  /Access-Accept/,
);
await challenging.stop();

await stack.stop();
process.stdout.write(failures === 0 ? 'all clients are answered as documented\n' : `${failures} FAILED\n`);
process.exitCode = failures === 0 ? 0 : 1;

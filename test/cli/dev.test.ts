import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { CLONE, call, emptyFolder, startDev } from './tokenwright.ts';

const example = (name: string): string => join(CLONE, 'examples', name);
const DEFINITIONS = JSON.stringify([
  { id: 1, name: 'count', event: 'validate_check', action: 'increase tokeninfo', options: { key: 'checks' } },
  {
    id: 2,
    name: 'new PIN',
    event: 'validate_check',
    position: 'pre',
    action: 'set random pin',
    options: { length: 8 },
  },
]);

/** Waits until a command prints what is expected. */
async function eventually(folder: string, args: readonly string[], expected: string): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { stdout } = await call(folder, args);
    if (stdout.includes(expected) || Date.now() > deadline) return stdout;
  }
}

it('is a stack for any AWS SDK, and for the other commands', async () => {
  const folder = await emptyFolder();
  const data = join(folder, 'data');
  const dev = await startDev(folder, '--data', data);
  expect(dev.lines.map((line) => line.replace(/\d+$/, 'N'))).toEqual([
    'dynamodb: http://127.0.0.1:N',
    'eventbridge: http://127.0.0.1:N',
    'http: http://127.0.0.1:N',
    'ready',
  ]);

  expect(await call(folder, ['tokens', 'import', example('tokens.yaml')])).toMatchObject({ code: 0 });
  const again = await call(folder, ['tokens', 'import', example('tokens.yaml'), '--json']);
  expect(again.code).toBe(1);
  expect(JSON.parse(again.stdout)).toMatchObject({ errors: [{ code: 'token_exists', path: 'tokens[0].serial' }, {}] });
  const saved = await call(folder, ['definitions', 'set', '-', '--json'], { input: DEFINITIONS });
  expect(JSON.parse(saved.stdout)).toEqual({
    saved: [
      { id: 1, version: 1 },
      { id: 2, version: 1 },
    ],
  });

  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new EventBridgeClient({ endpoint: dev.eventbridge, region: 'eu-central-1', credentials });
  const entry = { EventBusName: 'tokenwright', Source: 'privacyidea', DetailType: 'validate_check' };
  const { FailedEntryCount } = await client.send(
    new PutEventsCommand({
      Entries: [
        { ...entry, Detail: JSON.stringify({ user: { login: 'grace', realm: 'visitors' } }) },
        { ...entry, Detail: JSON.stringify({ position: 'later', pin: '4711' }) },
      ],
    }),
  );
  expect(FailedEntryCount).toBe(0);
  expect(await eventually(folder, ['tokens', 'show', 'VISIT001'], 'info.checks')).toMatch(/^info.checks +1$/m);

  const letters = await eventually(folder, ['dlq', 'list', '--json'], 'bad_event');
  expect(JSON.parse(letters)).toMatchObject([
    {
      queue: 'tokenwright-local-DispatchDeadLetters',
      reason: 'bad_event: detail.position: must be one of "pre", "post"',
      event: { source: 'privacyidea', detail: { position: 'later' } },
    },
  ]);
  expect(letters).not.toContain('4711');

  expect(await dev.stop('SIGKILL')).toBe('SIGKILL');
  // Its own ports may be anybody's by now; nobody listens on this one.
  const environment = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' };
  const gone = await call(folder, ['tokens', 'list', '--json'], { environment });
  expect(gone.code).toBe(1);
  expect(JSON.parse(gone.stdout)).toMatchObject({ errors: [{ code: 'unreachable' }] });

  const restarted = await startDev(folder, '--data', data);
  const listed = JSON.parse((await call(folder, ['tokens', 'list', '--json'])).stdout) as { serial: string }[];
  expect(listed.map(({ serial }) => serial).sort()).toEqual(['VISIT001', 'VISIT002']);
  expect((await call(folder, ['definitions', 'list'])).stdout).toContain(
    '#1 v1  active  post      validate_check  increase',
  );
  expect((await call(folder, ['dlq', 'redrive'])).stdout).toBe('put back 1, left 0\n');
  expect(await restarted.stop('SIGINT')).toBe(0);
  expect((await call(folder, ['tokens', 'list'])).stderr).toContain('no local stack is running here');
});

it('answers a pre event with its outcomes, the same PIN when the caller repeats it', async () => {
  const folder = await emptyFolder();
  const dev = await startDev(folder);
  await call(folder, ['tokens', 'import', example('tokens.yaml')]);
  await call(folder, ['definitions', 'set', '-'], { input: DEFINITIONS });
  const pre = async (detail: object) => {
    const body = JSON.stringify({ source: 'privacyidea', 'detail-type': 'validate_check', detail });
    return fetch(`${dev.http}/pre`, { method: 'POST', body });
  };
  const refused = await pre({ serial: 'VISIT002', client_ip: 7 });
  expect(refused.status).toBe(400);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(await refused.json()).toMatchObject({
    status: 400,
    errors: [{ path: 'detail.client_ip' }, { code: 'bad_event', path: 'detail.id' }],
  });

  const first: unknown = await (await pre({ id: 'login-1', serial: 'VISIT002' })).json();
  expect(first).toMatchObject({
    outcomes: [
      {
        status: 'done',
        action: 'set random pin',
        serial: 'VISIT002',
        changes: { pin_set: [false, true] },
        response: { detail: { pin: expect.stringMatching(/^[A-Za-z0-9]{8}$/) } },
      },
    ],
  });
  expect(await (await pre({ id: 'login-1', serial: 'VISIT002' })).json()).toEqual(first);
});

it('takes a DynamoDB that runs elsewhere, and says which port is taken', async () => {
  const [first, second] = [await emptyFolder(), await emptyFolder()];
  const other = await startDev(first);
  const unkept = await call(second, ['dev', '--dynamodb', other.dynamodb]);
  expect(unkept.stderr).toContain('--dynamodb needs --data FOLDER, where the keys of the secrets are stored');
  expect(unkept.code).toBe(2);
  const dev = await startDev(second, '--dynamodb', other.dynamodb, '--data', '.tokenwright/data');
  expect(dev.dynamodb).toBe(other.dynamodb);
  await call(second, ['tokens', 'import', example('tokens.yaml')]);
  expect((await call(first, ['tokens', 'show', 'VISIT002'])).code).toBe(0);

  const again = await call(first, ['dev']);
  expect([again.code, again.stdout]).toEqual([1, '']);
  expect(again.stderr).toMatch(/error stack_running: a local stack runs in this folder already: process \d+, since/);

  const port = new URL(other.dynamodb).port;
  const taken = await call(await emptyFolder(), ['dev', '--port', port]);
  expect(taken.stderr).toContain(`port ${port} of 127.0.0.1 is in use`);
  expect(taken.code).toBe(1);
});

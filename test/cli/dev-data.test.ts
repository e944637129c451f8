/** A stack with --data in daily use: one process per folder, Ctrl-C, a full disk, yesterday's events. */
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { call, emptyFolder, startCommand, startDev } from './tokenwright.ts';

const json = (value: unknown): string => JSON.stringify(value);
const loginOf = (id: string, serial: string) => json({ 'detail-type': 'login', detail: { id, serial } });

it('is refused a second process, and a file, in one sentence', async () => {
  const [folder, other] = [await emptyFolder(), await emptyFolder()];
  const data = join(folder, 'data');
  const dev = await startDev(folder, '--data', data);
  const second = await call(other, ['dev', '--data', data]);
  expect([second.code, second.stdout]).toEqual([1, '']);
  expect(second.stderr).toMatch(/^error stack_running: a local stack runs with the data of .* already: process \d+, /);
  await call(folder, ['tokens', 'import', '-'], { input: json([{ serial: 'T1', tokentype: 'hotp' }]) });
  expect(await dev.stop('SIGINT')).toBe(0);
  const next = await startDev(other, '--data', data);
  expect((await call(other, ['tokens', 'show', 'T1'])).code).toBe(0);
  expect(await next.stop('SIGINT')).toBe(0);

  const file = join(other, 'file');
  await writeFile(file, '');
  const refused = await call(other, ['dev', '--data', file]);
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toMatch(
    /^error system_error: .*file: there is a file of this name, not a folder \(EEXIST\)\n {2}more: /,
  );
  expect(refused.stderr.split('\n')).toHaveLength(3);
});

it('imports until Ctrl-C, says why it takes its time, and goes on behind it', async () => {
  const folder = await emptyFolder();
  await startDev(folder, '--data', join(folder, 'data'));
  const tokens = Array.from({ length: 600 }, (_, i) => ({ serial: `T${i}`, tokentype: 'spass', pin: '4711' }));
  await writeFile(join(folder, 'tokens.json'), json(tokens));
  const first = startCommand(folder, ['tokens', 'import', 'tokens.json']);
  await first.says('PIN');
  expect(first.printed().stderr).toMatch(
    /^1 of 600 tokens(, \d+ a second, [\d,]+ s left)?; 600 PINs, whose hash takes about 0.02 s each\n/,
  );
  expect(await first.interrupt()).toBe(1);
  const [, stopped] = /stopped: (\d+) of 600 tokens are imported; --skip-existing/.exec(first.printed().stderr) ?? [];
  const done = Number(stopped);
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(600);
  expect(JSON.parse((await call(folder, ['tokens', 'list', '--json'])).stdout)).toHaveLength(done);
  expect((await call(folder, ['tokens', 'import', 'tokens.json'])).stderr).toContain('token_exists');
  const rest = await call(folder, ['tokens', 'import', 'tokens.json', '--skip-existing']);
  expect([rest.code, rest.stdout]).toEqual([
    0,
    `imported ${600 - done} tokens, 0 users, ${done} token${done === 1 ? '' : 's'} there already (tokenwright)\n`,
  ]);
  const again = await call(folder, ['tokens', 'import', 'tokens.json', '--skip-existing']);
  expect([again.code, again.stdout]).toEqual([
    0,
    'imported 0 tokens, 0 users, 600 tokens there already (tokenwright)\n',
  ]);
  expect(JSON.parse((await call(folder, ['tokens', 'list', '--json'])).stdout)).toHaveLength(600);
}, 180_000);

it('shows what happens, with what is announced once; and later why it did not', async () => {
  const folder = await emptyFolder();
  await startDev(folder, '--data', join(folder, 'data'));
  await call(folder, ['tokens', 'import', '-'], {
    input: json(['T1', 'T2'].map((serial) => ({ serial, tokentype: 'hotp' }))),
  });
  const definitions = [
    { id: 1, name: 'new PIN', event: 'login', action: 'set random pin', conditions: { serial: 'T1' } },
    {
      id: 2,
      name: 'an app',
      event: 'login',
      action: 'enroll',
      options: { tokentype: 'totp' },
      conditions: { serial: 'T1' },
    },
  ];
  await call(folder, ['definitions', 'set', '-'], { input: json(definitions) });
  const tail = startCommand(folder, ['outcomes', 'tail', '--secrets', '--svg', 'qr.svg']);
  const masked = startCommand(folder, ['outcomes', 'tail', '--serial', 'T1', '--json']);
  await Promise.all([tail.says('waiting'), masked.says('waiting')]);
  // It waits before it is connected.
  await call(folder, ['events', 'put', '-'], { input: loginOf('e0', 'T2') });
  await call(folder, ['events', 'put', '-'], { input: loginOf('e1', 'T1') });
  await Promise.all([tail.says('otpauth://'), tail.says('  pin: '), masked.says('"T1"')]);
  await Promise.all([tail.says('\u2588'), tail.says('enroll')]);
  const shown = tail.printed().stdout;
  expect(shown).toMatch(/✔ done {4}set random pin T1 \[#1 new PIN\]\n {6}pin_set: false → true\n {6}pin: \S{6}/);
  expect(shown).toContain('googleurl: otpauth://totp/');
  expect(await tail.interrupt()).toBe(0);
  expect(await masked.interrupt()).toBe(0);
  expect(await readFile(join(folder, 'qr.svg'), 'utf8')).toMatch(/^<svg /);
  expect((await stat(join(folder, 'qr.svg'))).mode & 0o777).toBe(0o600);
  const lines = masked.printed().stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { action: 'set random pin', serial: 'T1', status: 'done' },
  ]);
  expect(lines[0]).not.toContain('response');

  const fired = await call(folder, ['definitions', 'explain', '--event', 'e1']);
  expect([fired.code, fired.stdout]).toEqual([
    0,
    expect.stringMatching(
      /^What was done then to T1:\n {2}✔ done {4}set random pin T1 .*\n(.*\n)*What would be done now:\n/,
    ),
  ]);
  const data = join(folder, 'data', 'events.jsonl');
  const recorded = await call(folder, ['definitions', 'explain', data, '--event', 'e1', '--json']);
  expect(JSON.parse(recorded.stdout).outcomes).toMatchObject([
    { event: { id: 'e1' }, changes: { pin_set: [false, true] } },
  ]);
  const not = await call(folder, ['definitions', 'explain', '--event', 'e0']);
  expect(not.stderr).toBe(
    'note: no outcome of this event is stored for T2: no definition acted, unless the event failed ("dlq list --event e0")\n' +
      'note: what a condition saw then is not recorded: each is evaluated with the present tokens and users\n',
  );
  expect(not.stdout).toContain('✘ serial: wanted "T1", saw "T2": doesn\'t hold');
  await call(folder, ['definitions', 'disable', '2']);
  expect((await call(folder, ['definitions', 'explain', '--event', 'e0'])).stderr).toMatch(
    /\nnote: #2 v2 was saved after the event, at 20\S+: "definitions history 2" shows what it was then\n$/,
  );
}, 180_000);

it.runIf(process.platform === 'linux')('goes on where the disk is full, and says so', async () => {
  const folder = await emptyFolder();
  const recording = join(folder, 'data', 'events.jsonl');
  const first = await startDev(folder, '--data', join(folder, 'data'));
  await first.stop('SIGINT');
  await symlink('/dev/full', recording);
  const dev = await startDev(folder, '--data', join(folder, 'data'));
  const put = await call(folder, ['events', 'put', '-'], { input: loginOf('e1', 'T1') });
  expect([put.code, put.stdout]).toEqual([1, '']);
  expect(put.stderr).toMatch(/^error aws_error: .*ENOSPC: no space left on device.*\n {2}more: .*errors\.log/);
  expect((await call(folder, ['tokens', 'list', '--json'])).stdout).toBe('[\n]\n');
  expect(await dev.stop('SIGINT')).toBe(0);
});

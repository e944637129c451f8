/** Definitions as code, through the command line, on the local stack at rest. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { proposeFile } from '../../cli/definitions/propose-file.ts';
import { connectTo } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { applyProposal } from '../../lib/definition/propose.ts';
import { callHere } from './in-process.ts';
import { CLONE, emptyFolder } from './tokenwright.ts';

const PEER = join(CLONE, 'test', 'definition', 'files', 'privacyidea-config.json');
const DAY = { id: 20, name: 'a day', event: 'token_init', action: 'set validity', options: { 'valid till': '+1d' } };
const OFF = { id: 21, name: 'off', event: 'auth', action: 'disable', conditions: { failcounter: '>=8' } };
const WEEK = { ...DAY, options: { 'valid till': '+7d' } };
const CODE = { id: 22, name: 'code', event: 'lost', action: 'enroll', options: { tokentype: 'motp', motppin: '4711' } };

let stack: Stack;
let folder: string;

beforeAll(async () => {
  const environment = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  stack = await startStack({ root: CLONE, concurrency: 1, retryDelay: () => 0, environment });
  connectTo(stack.environment);
});
afterAll(() => stack?.stop());

beforeEach(async () => {
  folder = await emptyFolder();
  expect((await callHere('definitions', 'apply', await file(DAY, OFF), '--yes')).code).toBe(0);
});

async function file(...contents: readonly object[]): Promise<string> {
  return text('definitions.json', JSON.stringify(contents));
}

async function text(name: string, contents: string): Promise<string> {
  await writeFile(join(folder, name), contents);
  return join(folder, name);
}

const applied = async () =>
  (JSON.parse((await callHere('definitions', 'list', '--json')).stdout) as { id: number; options: object }[]).map(
    ({ id, options }) => [id, options],
  );

describe('plan', () => {
  it('ends with 0 where nothing would change, and with 2 where something would, if that is asked for', async () => {
    const plan = (path: string, ...more: string[]) => callHere('definitions', 'plan', path, ...more);
    expect(await plan(await file(DAY, OFF), '--detailed-exitcode')).toEqual({
      code: 0,
      stdout: 'No changes. 2 unchanged.\n',
      stderr: '',
    });
    const changed = await file(WEEK, { ...OFF, name: 'by name', id: undefined });
    expect((await plan(changed)).code).toBe(0);
    expect(await plan(changed, '--detailed-exitcode')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('~ #20 "a day"\n    ~ options.valid till: "+1d" → "+7d"\n'),
    });
    expect((await plan(changed)).stdout).toMatch(/^Plan: 1 to add, 1 to change, 1 to delete\. 0 unchanged\.$/m);
    expect(await applied()).toEqual([
      [20, { 'valid till': '+1d' }],
      [21, {}],
    ]);
  });

  it('knows a definition by its name alone', async () => {
    const { id: _, ...named } = WEEK;
    const { stdout } = await callHere('definitions', 'plan', await file(named, OFF), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ changes: [{ kind: 'change', id: 20 }], summary: { unchanged: 1 } });
  });

  it('says where a YAML is broken, by line and column', async () => {
    const broken = await text('broken.yaml', '- id: 1\n  event: auth\n  options: {\n');
    expect(await callHere('definitions', 'plan', broken)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^error bad_file: .*broken\.yaml: .* at line 4, column 1; the { in line 3 is not closed\n$/,
      ),
    });
  });
});

describe('apply', () => {
  it('makes the set what the file says, and tells the versions', async () => {
    const { stdout } = await callHere('definitions', 'apply', await file(WEEK), '--yes', '--message', 'a week');
    expect(stdout).toMatch(/- #21 "off".*\nApplied: #20 v\d+, #21 v\d+\n$/s);
    expect(await applied()).toEqual([[20, { 'valid till': '+7d' }]]);
    const { history } = JSON.parse((await callHere('definitions', 'history', '20', '--json')).stdout);
    expect(history[0]).toMatchObject({ in_force: true, how: 'apply', message: 'a week' });
  });

  it('is refused where someone else changed the definitions after they were looked at', async () => {
    const { store, proposal } = await proposeFile(await file(WEEK), 'replace', {});
    await callHere('definitions', 'disable', '21');
    const note = { at: '2026-03-15T10:20:30Z', by: 'ada', how: 'apply', message: '' };
    await expect(applyProposal(store, proposal, note)).rejects.toMatchObject({ code: 'definitions_changed' });
    expect((await applied()).map(([id]) => id)).toEqual([20, 21]);
  });

  it('does not ask without a terminal', async () => {
    const { code, stderr } = await callHere('definitions', 'apply', await file(WEEK));
    expect([code, stderr]).toEqual([2, expect.stringContaining('has no terminal to ask on: use --yes')]);
  });
});

describe.each(['plan', 'apply', 'set', 'import', 'check'])('%s of faulty definitions', (verb) => {
  it('names every fault with its path, ends with 1 and changes nothing', async () => {
    const faulty = await file(WEEK, { ...OFF, action: 'dissable', conditions: { failcounter: '>>8' } });
    const more = verb === 'apply' ? ['--yes'] : [];
    const { code, stdout } = await callHere('definitions', verb, faulty, '--json', ...more);
    const { errors } = JSON.parse(stdout) as { errors: { code: string; path: string }[] };
    expect(errors.map((one) => `${one.code} ${one.path}`).sort()).toEqual([
      'bad_condition definitions[1].conditions.failcounter',
      'unknown_action definitions[1].action',
    ]);
    expect(code).toBe(1);
    expect((await applied())[0]).toEqual([20, { 'valid till': '+1d' }]);
  });

  it('takes a file', async () => {
    expect(await callHere('definitions', verb)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^Usage: .* <file>\n\nerror: missing required argument 'file'\n$/),
    });
  });
});

it('rollback brings a former version back, and refuses one that there is not', async () => {
  const before = JSON.parse((await callHere('definitions', 'list', '--json')).stdout) as { version: number }[];
  await callHere('definitions', 'set', await file(WEEK));
  const { code } = await callHere('definitions', 'rollback', '20', `v${before[0]?.version}`);
  expect([code, (await applied())[0]]).toEqual([0, [20, { 'valid till': '+1d' }]]);
  expect(await callHere('definitions', 'rollback', '20', '999')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('error unknown_version'),
  });
  expect(await callHere('definitions', 'rollback', '20', 'first')).toMatchObject({ code: 2, stdout: '' });
});

it('rollback to the applied version says so, and --set goes back to a whole set', async () => {
  const version = async (id: number) => {
    const { stdout } = await callHere('definitions', 'list', '--json');
    return (JSON.parse(stdout) as { id: number; version: number }[]).find((one) => one.id === id)?.version;
  };
  expect(await callHere('definitions', 'rollback', '20', String(await version(20)))).toMatchObject({
    code: 0,
    stdout: `unchanged #20 v${await version(20)}\n`,
    stderr: expect.stringContaining('nothing is changed'),
  });
  const { stderr } = await callHere('definitions', 'apply', await file(WEEK), '--yes');
  const [, set = ''] = /rollback --set (\d+)/.exec(stderr) ?? [];
  expect((await callHere('definitions', 'rollback', '--set', set)).code).toBe(0);
  expect(await applied()).toEqual([
    [20, { 'valid till': '+1d' }],
    [21, {}],
  ]);
  expect(await callHere('definitions', 'rollback', '--set', '99999', '--json')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('unknown_version'),
  });
});

describe.each(['set', 'import'])('%s', (verb) => {
  it('replaces no definition of another name by oversight', async () => {
    const other = await file({ ...DAY, name: 'another', options: { 'valid till': '+2d' } });
    const { code, stdout } = await callHere('definitions', verb, other, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { errors: [{ code: 'definition_exists', path: 'definitions[0].id' }] },
    ]);
    expect((await applied())[0]).toEqual([20, { 'valid till': '+1d' }]);
    expect((await callHere('definitions', verb, other, '--replace')).code).toBe(0);
    expect((await applied())[0]).toEqual([20, { 'valid till': '+2d' }]);
  });

  it('shows with --dry-run what would change, and saves nothing', async () => {
    const { code, stdout } = await callHere('definitions', verb, await file(WEEK), '--dry-run');
    expect([code, stdout]).toEqual([0, expect.stringContaining('~ options.valid till: "+1d" → "+7d"')]);
    expect((await applied())[0]).toEqual([20, { 'valid till': '+1d' }]);
  });
});

it('warns of a realm and a token group that the stack does not have, and names the line of a fault', async () => {
  const named = { id: 30, name: 'named', event: 'auth', conditions: { tokenrealm: 'nowhere' } };
  const { stderr } = await callHere(
    'definitions',
    'plan',
    await file({ ...named, action: 'add tokengroup', options: { tokengroup: 'none' } }),
  );
  expect(stderr).toContain('warning unknown_realm: #30 "named": conditions.tokenrealm: this stack has no realm');
  expect(stderr).toContain(
    'warning unknown_tokengroup: #30 "named": options.tokengroup: this stack has no token group',
  );
  const faulty = await text('faulty.yaml', '- id: 6\n  name: Lost token\n  event: auth\n  action: set maxfail\n');
  expect((await callHere('definitions', 'check', faulty)).stderr).toContain(
    'error unknown_action: line 4, #6 "Lost token": action: there is no action "set maxfail"; did you mean "set max failcount"?',
  );
});

describe('export', () => {
  it('masks secrets, and what comes back with masks changes nothing', async () => {
    await callHere('definitions', 'set', await file(CODE));
    const { stdout } = await callHere('definitions', 'export');
    expect(stdout).not.toContain('4711');
    const back = await callHere('definitions', 'plan', await text('back.json', stdout), '--detailed-exitcode');
    expect(back).toMatchObject({ code: 0, stdout: 'No changes. 3 unchanged.\n' });
    expect((await callHere('definitions', 'export', '--secrets')).stdout).toContain('"motppin": "4711"');
  });

  it("in JSON and in YAML is imported again as the same set; privacyIDEA's other handlers are named", async () => {
    const imported = await callHere('definitions', 'import', PEER);
    expect(imported.stderr).toContain('left out: "mail" (handler module UserNotification)\n');
    for (const form of [[], ['--yaml']]) {
      const { stdout } = await callHere('definitions', 'export', '--secrets', ...form);
      const path = await text(form.length === 0 ? 'all.json' : 'all.yaml', stdout);
      expect((await callHere('definitions', 'plan', path, '--detailed-exitcode')).code).toBe(0);
    }
  });
});

describe('the other verbs', () => {
  it('lists the applied definitions in columns', async () => {
    const { version } = JSON.parse((await callHere('definitions', 'list', '--json')).stdout)[1];
    const { stdout } = await callHere('definitions', 'list');
    expect(stdout.replaceAll(/ v\d+ +/g, '  ')).toMatch(
      /^id +state +position +event +action +name\n#20 {2}active {2}post {6}token_init {2}set validity {2}a day\n/,
    );
    expect(stdout).toContain(`#21 v${version} `);
  });

  it('says that a definition has the wanted state already', async () => {
    const before = await callHere('definitions', 'disable', '21');
    expect(before.stdout).toMatch(/^disabled #21 v\d+\n$/);
    const again = before.stdout.replace('disabled', 'unchanged');
    expect(await callHere('definitions', 'disable', '21')).toEqual({ code: 0, stdout: again, stderr: '' });
  });

  it('refuses an empty file of events or settings, and names what can be meant', async () => {
    const empty = await text('empty.yaml', '\n');
    expect(await callHere('events', 'put', empty)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${empty} is refused: 1 error\nerror bad_event: is empty\n`,
    });
    expect(await callHere('settings', 'apply', empty)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${empty} is refused: 1 error\nerror bad_settings: is empty; {} means all defaults\n`,
    });
  });

  it('names a definition without an id by its name alone', async () => {
    const unknown = await text('d.json', JSON.stringify([{ name: 'lost', event: 'x', action: 'lose' }]));
    expect((await callHere('definitions', 'check', unknown)).stderr).toContain(
      'error unknown_action: line 1, "lost": action: there is no action "lose"',
    );
  });
});

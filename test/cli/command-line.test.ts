import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BINARY, CLONE, call, emptyFolder } from './tokenwright.ts';

const EXAMPLES = join(CLONE, 'examples', 'scenario.yaml');
const FAULTY = `
tokens: [{ serial: T1, tokentype: hotp, failcout: 3 }]
definitions:
  - { id: 1, event: token_init, action: set valdity }
  - { id: 2, event: token_init, action: set validity, options: { valid til: "+3d" } }
  - { id: 3, event: token_init, action: disable, conditions: { failcounter: "<<5" } }
  - { id: 4, event: token_init, action: disable, conditons: { failcounter: "<5" } }
events:
  - { detail-type: Token Init, time: 2026-03-15T08:00:00Z }
`;

it('says on stderr that its output cannot be written', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [BINARY, 'actions', '--json'], {
    cwd: tmpdir(),
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error system_error: the disk is full \(ENOSPC\)\n {2}more: /);
});

describe('wrong usage ends with 2, prints nothing on stdout, and says what is taken', () => {
  it.each([
    [['rum', 'x'], "unknown command 'rum'\n(Did you mean run?)"],
    [['definitons', 'list'], "unknown command 'definitons'\n(Did you mean definitions?)"],
    [['definitions', 'lsit'], "unknown command 'lsit'\n(Did you mean list?)"],
    [['run'], "missing required argument 'file'"],
    [
      ['run', EXAMPLES, '--deliver', '0'],
      "option '--deliver <k>' argument '0' is invalid. It takes a whole number from 1.",
    ],
    [['actions', '--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
    [['tokens', 'list', 'T1'], "too many arguments for 'list'. Expected 0 arguments but got 1: T1."],
    [
      ['dev', '--port', '65534'],
      "option '--port <n>' argument '65534' is invalid. It takes a whole number from 0 to 65533.",
    ],
    [['dev', '--dynamodb', 'localhost'], "argument 'localhost' is invalid. It takes a URL"],
  ])('%j', async (args, said) => {
    const { code, stdout, stderr } = await call(await emptyFolder(), args);
    expect(stderr).toMatch(/^Usage: tokenwright /);
    expect(stderr.slice(stderr.indexOf('error: '))).toContain(said);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('refused input ends with 1', () => {
  it('names every fault at once with its path, as JSON', async () => {
    const { code, stdout, stderr } = await call(await emptyFolder(), ['run', '-', '--json'], { input: FAULTY });
    const { errors } = JSON.parse(stdout) as { errors: { code: string; path: string; message: string }[] };
    expect(errors.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'bad_scenario tokens[0].failcout',
      'unknown_action definitions[0].action',
      'bad_option definitions[1].options.valid til',
      'bad_option definitions[1].options',
      'bad_condition definitions[2].conditions.failcounter',
      'bad_definition definitions[3].conditons',
      'bad_event events[0].detail-type',
    ]);
    expect(errors.map((error) => Object.keys(error))).toEqual(errors.map(() => ['code', 'path', 'message']));
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('says what was meant and what is allowed, on stderr', async () => {
    const { code, stdout, stderr } = await call(await emptyFolder(), ['run', '-'], { input: FAULTY });
    expect(stderr).toMatch(/^standard input is refused: 7 errors\n/);
    expect(stderr).toContain('"failcout" is not known here; did you mean "failcount"?');
    expect(stderr).toContain('there is no action "set valdity"; did you mean "set validity"?');
    expect(stderr).toContain(
      'has no option "valid til"; did you mean "valid till"?\n  allowed: valid from, valid till',
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('never repeats a secret that was given', async () => {
    const input = '{"tokens": [{"serial": "T1", "tokentype": "hotp", "otpkey": "s3cret", "pin": 4711}]}';
    const { code, stderr } = await call(await emptyFolder(), ['run', '-'], { input });
    expect(stderr).toContain('line 1, token T1: otpkey: must be hexadecimal');
    expect(stderr).not.toMatch(/s3cret|4711/);
    expect(code).toBe(1);
  });

  it('names line and column of what is no YAML', async () => {
    const input = 'tokens:\n  - serial: T1\n   tokentype: hotp\n';
    const { code, stderr } = await call(await emptyFolder(), ['run', '-'], { input });
    expect(stderr).toContain('standard input: ');
    expect(stderr).toContain('at line 3, column 1');
    expect(code).toBe(1);
  });

  it('names a file that is not there', async () => {
    const { code, stdout } = await call(await emptyFolder(), ['run', 'nowhere.yaml', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      errors: [{ code: 'bad_file', path: '', message: 'nowhere.yaml cannot be read: there is no such file (ENOENT)' }],
    });
    expect(code).toBe(1);
  });

  it('says so where no stack is running', async () => {
    const { code, stderr } = await call(await emptyFolder(), ['tokens', 'list']);
    expect(stderr).toContain('no local stack is running here');
    expect(code).toBe(1);
  });
});

describe('run', () => {
  it('plays the examples from any folder, plain in a pipe', async () => {
    const { code, stdout, stderr } = await call(await emptyFolder(), ['run', EXAMPLES]);
    expect(stdout).toContain(
      '✔ done    set failcounter OATH0001 [#5 office logins reset the failcounter]\n      failcount: 8 → 0',
    );
    expect(stdout).not.toContain('\u001b[');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('colours where colours are wanted', async () => {
    const environment = { FORCE_COLOR: '1' };
    const { stdout } = await call(await emptyFolder(), ['run', EXAMPLES], { environment });
    expect(stdout).toContain('\u001b[32m✔ done');
  });

  it('stays on this machine, with any AWS profile of the caller', async () => {
    const environment = { AWS_PROFILE: 'production', AWS_REGION: 'us-east-1' };
    const { code, stdout } = await call(await emptyFolder(), ['run', EXAMPLES, '--json'], { environment });
    const { tokens } = JSON.parse(stdout) as { tokens: { serial: string }[] };
    expect(tokens.map(({ serial }) => serial)).toEqual(['TOTP0001', 'OATH0001', 'PISM0001', 'OATH0002']);
    expect(code).toBe(0);
  });
});

it.each(['actions', 'conditions'])('%s prints a catalogue and a JSON Schema', async (name) => {
  const folder = await emptyFolder();
  const [plain, schema] = await Promise.all([call(folder, [name]), call(folder, [name, '--schema'])]);
  expect(plain.stdout).toContain(name === 'actions' ? 'set validity\n' : 'failcounter (counter)\n');
  expect(JSON.parse(schema.stdout)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
});

/**
 * Public bug reports of other projects, tried through the real commands: what is there and unreadable, digits that are
 * texts, and one thing read in several ways. Their inputs are test/vectors/reports.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTo } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { passwordAt } from '../../lib/tokentype/one-time-password.ts';
import { callHere } from './in-process.ts';
import { CLONE, call, emptyFolder } from './tokenwright.ts';

const REPORTS = join(CLONE, 'test', 'vectors', 'reports');
const report = (name: string): string => join(REPORTS, name);
const KEY = Buffer.from('12345678901234567890');
const hotp = (counter: number): string => passwordAt(KEY, counter, 6, 'sha1');

let stack: Stack;

beforeAll(async () => {
  const environment = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  stack = await startStack({ root: CLONE, concurrency: 1, retryDelay: () => 0, environment });
  connectTo(stack.environment);
});
afterAll(() => stack?.stop());

async function imports(name: string, ...options: string[]) {
  const { code, stdout } = await callHere('tokens', 'import', report(name), '--json', ...options);
  return { code, printed: JSON.parse(stdout) };
}

async function shown(serial: string) {
  return JSON.parse((await callHere('tokens', 'show', serial, '--json')).stdout);
}

/** The password goes through a pipe, as people give it. */
async function verify(serial: string, password: string) {
  const folder = await emptyFolder();
  const environment = Object.fromEntries(Object.entries(stack.environment).map(([key, value]) => [key, String(value)]));
  return JSON.parse(
    (await call(folder, ['tokens', 'verify', serial, '--json'], { input: password, environment })).stdout,
  );
}

async function run(name: string) {
  const { code, stdout } = await callHere('run', report(name), '--json');
  return { code, printed: JSON.parse(stdout) };
}

describe('an unreadable value is not treated as absent', () => {
  it('a period that is over, in the forms of the manual, lets nobody in; one that cannot be read is not imported', async () => {
    const { code, printed } = await imports('validity-unreadable.yaml', '--partial');
    expect(code).toBe(1);
    expect(printed).toMatchObject({ tokens: 2, refused: 1 });
    expect(printed.errors).toMatchObject([{ code: 'unreadable_value', path: 'tokens[1].info.validity_period_end' }]);
    expect(await verify('FVAL001', hotp(0))).toMatchObject({ accepted: false, code: 'no_longer_valid' });
    expect(await verify('FVAL003', hotp(0))).toMatchObject({ accepted: false, code: 'not_yet_valid' });
  });

  it('a token that was used as often as it may be is refused', async () => {
    await imports('auth-count-max.yaml');
    for (const serial of ['FCNT001', 'FCNT002']) {
      expect(await verify(serial, hotp(0))).toMatchObject({ accepted: false, code: 'auth_count_exceeded' });
    }
  });

  it('the counter of an HOTP line is taken', async () => {
    await imports('csv-hotp-counter.csv');
    expect(await shown('FCSV0001')).toMatchObject({ count: 500 });
    expect(await verify('FCSV0001', hotp(3))).toMatchObject({ accepted: false });
    expect(await verify('FCSV0001', hotp(500))).toMatchObject({ accepted: true });
  });

  it('a comment begins a line, and is part of one elsewhere', async () => {
    const { code, printed } = await imports('csv-hash-in-line.csv', '--partial');
    expect(code).toBe(1);
    expect(printed.errors).toMatchObject([{ path: 'line 2.otplen' }]);
    expect(await shown('TOK#12')).toMatchObject({ tokentype: 'totp' });
  });

  it('a file without a key package is refused, and its contents are named', async () => {
    const { code, printed } = await imports('pskc-no-packages.xml');
    expect(code).toBe(1);
    expect(printed.errors).toMatchObject([{ code: 'bad_file', message: expect.stringContaining('<Device>') }]);
  });

  it.each(['', '# nothing\n', '{"tokens": []}'])('a file without a token is refused: %j', async (text) => {
    const file = join(await emptyFolder(), 'empty');
    await writeFile(file, text);
    const { code, stdout } = await callHere('tokens', 'import', file, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).errors).toHaveLength(1);
  });

  it('a time step of no seconds is refused', async () => {
    const { code, printed } = await imports('pskc-timeinterval-zero.xml');
    expect(code).toBe(1);
    expect(printed.errors).toMatchObject([{ code: 'unreadable_value', path: 'line 3.info.timeStep' }]);
  });
});

describe('digits that are texts', () => {
  it('a key, a PIN and a value keep the text that was written', async () => {
    const { printed } = await run('numbers-otpkey.yaml');
    const keys = printed.outcomes.flatMap((one: { response: { detail: { otpkey?: { value: string } } } | null }) =>
      one.response?.detail.otpkey ? [one.response.detail.otpkey.value] : [],
    );
    expect(keys).toEqual(['seed://12345678901234567890', 'seed://12345678901234567890']);
    const token = printed.tokens.find(({ serial }: { serial: string }) => serial === 'FNUM001');
    expect(token.info.card).toBe('12345678901234567890');
  });

  it('a uid that is no exact number is never another user', async () => {
    const { code, printed } = await run('uid-number.json');
    expect(code).toBe(1);
    expect(printed.errors).toMatchObject([{ code: 'bad_event', path: 'events[0].detail.user.uid' }]);
  });

  it('an export of privacyIDEA is YAML 1.1, in which these are texts', async () => {
    await imports('pi-export-yaml11.yaml');
    expect((await shown('FPI0006')).info).toMatchObject({ phone: '08912345678', asset: '61e9540', batch: '12e4' });
  });
});

describe('one thing, one meaning', () => {
  it('a date is never compared with a text that is not a date', async () => {
    const { printed } = await run('date-compared-as-text.yaml');
    expect(printed.tokens.map(({ serial }: { serial: string }) => serial)).toEqual(['FDAT001', 'FDAT002']);
    expect(printed.outcomes[1]).toMatchObject({
      status: 'skipped',
      reason: { code: 'condition', saw: { error: '"15/03/26 09:00" is not a date' } },
    });
  });

  it('a drift with a point is a drift', async () => {
    await imports('pi-export-timeshift.yaml');
    const late = passwordAt(KEY, Math.floor(Date.now() / 30_000) - 20, 6, 'sha1');
    expect(await verify('FPI0001', late)).toMatchObject({ accepted: true });
    const right = passwordAt(KEY, Math.floor(Date.now() / 30_000), 6, 'sha1');
    expect(await verify('FPI0001', right)).toMatchObject({ accepted: false });
  });

  it('the window of the export is the count window', async () => {
    await imports('pi-export-window.yaml');
    expect(await shown('FPI0002')).toMatchObject({ count: 7, count_window: 50 });
    expect(await verify('FPI0002', hotp(47))).toMatchObject({ accepted: true });
  });

  it('tokens that could never match are refused, with the reason', async () => {
    const { code, printed } = await imports('pi-export-tan-motp.yaml');
    expect(code).toBe(1);
    expect(printed.errors).toMatchObject([
      { path: 'tokens[0].type', message: expect.stringContaining('hashes') },
      { path: 'tokens[1].type', message: expect.stringContaining('PIN') },
    ]);
  });

  it('the hash of a Suite is taken from its attribute', async () => {
    await imports('pskc-suite-hashalgo.xml');
    expect((await shown('FPSK0001')).info).toMatchObject({ hashlib: 'sha256' });
  });

  it('two keys of one device are two tokens', async () => {
    expect((await imports('pskc-two-slots.xml')).printed).toMatchObject({ tokens: 2, refused: 0 });
    expect(await shown('5551234:2')).toMatchObject({ tokentype: 'hotp' });
  });
});

describe('questionable ones', () => {
  it('a token leaves a group that is gone', async () => {
    const { printed } = await run('tokengroup-gone.yaml');
    expect(printed.outcomes).toMatchObject([{ status: 'done' }]);
    expect(printed.tokens).toMatchObject([{ tokengroups: ['keep'] }]);
  });

  it('a client that is no browser is called by its own name', async () => {
    const { printed } = await run('ua-plugins.json');
    expect(printed.tokens.map(({ info }: { info: { ua: string } }) => info.ua)).toEqual([
      'privacyIDEA-Keycloak',
      'PrivacyIDEA-ADFS',
      'privacyIDEA-App',
      'opera',
    ]);
  });

  it('the first of several phone numbers is used', async () => {
    const { printed } = await run('user-many-numbers.yaml');
    expect(printed.tokens).toMatchObject([{ info: { phone: '+49 111' } }]);
  });

  it('a registration code can be made for the phone', async () => {
    const { printed } = await run('registration-length.yaml');
    expect(printed.outcomes[0].response.detail.registrationcode).toMatch(/^(?=.*[0-9]).{12}$/);
  });

  it('a day password is announced as one', async () => {
    const { printed } = await run('daypassword-uri.yaml');
    expect(printed.outcomes[0].response.detail.googleurl.value).toMatch(/^otpauth:\/\/daypassword\/.*period=86400/);
  });

  it('an unknown tag is refused in additional_params too', async () => {
    const { code, printed } = await run('enroll-description-tags.yaml');
    expect(code).toBe(1);
    expect(printed.errors).toMatchObject([
      { code: 'bad_tag', path: 'definitions[0].options.additional_params.description' },
    ]);
  });

  it('and a known one is filled in', async () => {
    const text = await readFile(report('enroll-description-tags.yaml'), 'utf8');
    const file = join(await emptyFolder(), 'tags.yaml');
    await writeFile(file, text.replace('{nonsense}', '{client_ip}'));
    const printed = JSON.parse((await callHere('run', file, '--json')).stdout);
    const made = printed.tokens.find(({ serial }: { serial: string }) => serial === 'FTAG002');
    expect(made.description).toBe('spare for ada 10.1.2.3');
  });

  it('the bus takes what EventBridge takes, and `events put` says what it does not', async () => {
    // `run` has a stack of its own, and takes its environment with it.
    connectTo(stack.environment);
    const folder = await emptyFolder();
    const event = (size: number) => ({
      'detail-type': 'token_init',
      detail: { serial: 'NOPE', pad: 'x'.repeat(size) },
    });
    await writeFile(join(folder, 'fits.json'), JSON.stringify(event(300_000)));
    await writeFile(join(folder, 'large.json'), JSON.stringify(event(1_100_000)));
    expect(await callHere('events', 'put', join(folder, 'fits.json'))).toMatchObject({ code: 0 });
    // Functions that still run share the environment of this process.
    await stack.idle();
    connectTo(stack.environment);
    const { code, stdout } = await callHere('events', 'put', join(folder, 'large.json'), '--json');
    expect([code, JSON.parse(stdout).errors]).toMatchObject([1, [{ code: 'bad_event', path: '[0].detail' }]]);
    await stack.idle();
  });
});

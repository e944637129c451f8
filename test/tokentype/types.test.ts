/** The passwords that each type accepts, refuses, and accepts only once; authenticator apps: one-time-password.test.ts. */
import { describe, expect, it } from 'vitest';
import type {
  AnyTokenType,
  NewSecret,
  NextState,
  PasswordState,
  SecretSource,
} from '../../lib/tokentype/token-type.ts';
import { email } from '../../lib/tokentype/types/email.ts';
import { indexedsecret } from '../../lib/tokentype/types/indexedsecret.ts';
import { paper } from '../../lib/tokentype/types/paper.ts';
import { pw } from '../../lib/tokentype/types/pw.ts';
import { registration } from '../../lib/tokentype/types/registration.ts';
import { sms } from '../../lib/tokentype/types/sms.ts';
import { spass } from '../../lib/tokentype/types/spass.ts';
import { tan } from '../../lib/tokentype/types/tan.ts';

/** The key of RFC 4226, appendix D, whose passwords these are. */
const RFC_KEY = Buffer.from('12345678901234567890');
const [FIRST, SECOND, THIRD] = ['755224', '287082', '359152'] as const;
const source: SecretSource = {
  bytes: async () => RFC_KEY,
  text: async (_purpose, _alphabet, length) => 'abcdefghijklmnopqrstuvwxyz'.slice(0, length),
};

async function make(type: AnyTokenType, parameters: Readonly<Record<string, unknown>> = {}): Promise<NewSecret> {
  type.check?.(parameters);
  return type.make(parameters, source);
}

function fresh({ otplen, info }: NewSecret): PasswordState {
  return { count: 0, count_window: 10, otplen, info };
}

/** As it is kept once a password was accepted. */
function after(state: PasswordState, next: NextState | null): PasswordState {
  if (!next) throw new Error('it was not accepted');
  return { ...state, count: next.count ?? state.count, info: { ...state.info, ...next.info } };
}

/** Shows passwords one after the other; what each of them leaves behind. */
function show(type: AnyTokenType, made: NewSecret, passwords: readonly string[], given: Partial<PasswordState> = {}) {
  let state = { ...fresh(made), ...given };
  return passwords.map((password) => {
    const next = type.verify(made.secret ?? new Uint8Array(), state, password, 0);
    if (next) state = after(state, next);
    return next !== null;
  });
}

describe.each([
  ['sms', sms, { phone: '+49151' }],
  ['email', email, { email: 'ada@example.org' }],
])('%s', (_, type, parameters) => {
  it('takes the password that was sent, once, and none that came before it', async () => {
    const made = await make(type, parameters);
    expect(made.info).toMatchObject({ hashlib: 'sha1', ...parameters });
    expect(show(type, made, ['000000', SECOND, SECOND, FIRST, THIRD])).toEqual([false, true, false, false, true]);
  });
});

describe('paper', () => {
  it('takes its passwords in their order, each once', async () => {
    const made = await make(paper);
    expect(show(paper, made, ['000000', FIRST, FIRST, THIRD, SECOND])).toEqual([false, true, false, true, false]);
  });

  it('takes none that is not on the list', async () => {
    const made = await make(paper, { papertoken_count: 2 });
    expect(paper.announce(made, { serial: 'PPR1', issuer: '' })).toEqual({ otps: { 0: FIRST, 1: SECOND } });
    expect(show(paper, made, [THIRD, SECOND, THIRD])).toEqual([false, true, false]);
  });
});

describe('tan', () => {
  it('takes its passwords in any order, each once', async () => {
    const made = await make(tan, { tantoken_count: 3 });
    const passwords = [THIRD, FIRST, THIRD, '000000', SECOND, FIRST];
    expect(show(tan, made, passwords)).toEqual([true, true, false, false, true, false]);
  });

  it('takes none that is not on the list', async () => {
    expect(show(tan, await make(tan, { tantoken_count: 2 }), [THIRD])).toEqual([false]);
  });

  it('accepts the passwords of a given list, and none of a key', async () => {
    const made = await make(tan, { tans: 'alpha bravo' });
    expect(tan.announce(made, { serial: 'PITN1', issuer: '' })).toEqual({ otps: { 0: 'alpha', 1: 'bravo' } });
    expect(show(tan, made, ['bravo', 'bravo', FIRST, 'alpha'])).toEqual([true, false, false, true]);
  });
});

describe('pw', () => {
  it('takes its password again and again, and no other', async () => {
    const made = await make(pw, { otpkey: 'correct horse' });
    const passwords = ['correct horse', 'correct horse', 'correct hors', 'Correct horse', ''];
    expect(show(pw, made, passwords)).toEqual([true, true, false, false, false]);
  });
});

describe('registration', () => {
  it('has served with the first login', async () => {
    const made = await make(registration);
    const code = 'abcdefghijklmnopqrstuvwx';
    expect(registration.announce(made, { serial: 'REG1', issuer: '' })).toEqual({ registrationcode: code });
    expect(registration.verify(RFC_KEY, fresh(made), code, 0)).toBeNull();
    expect(registration.verify(Buffer.from(code), fresh(made), code, 0)).toEqual({ spent: true });
    expect(registration.verify(Buffer.from(code), fresh(made), 'abcdefghijklmnopqrstuvwX', 0)).toBeNull();
  });
});

describe('indexedsecret', () => {
  it('takes the characters that were asked for, in the order of the question', async () => {
    const made = await make(indexedsecret, { otpkey: 'mysecret' });
    expect(show(indexedsecret, made, ['ms', 'sm', 'my'], { positions: [1, 3] })).toEqual([true, false, false]);
    expect(show(indexedsecret, made, ['sm'], { positions: [3, 1] })).toEqual([true]);
  });

  it('takes nothing where nothing was asked for, or what it does not have', async () => {
    const made = await make(indexedsecret, { otpkey: 'mysecret' });
    expect(show(indexedsecret, made, ['', 'mysecret'])).toEqual([false, false]);
    expect(show(indexedsecret, made, ['m', ''], { positions: [1, 9] })).toEqual([false, false]);
  });
});

describe('spass', () => {
  it('takes nothing behind the PIN', async () => {
    expect(show(spass, await make(spass), ['', '', '1'])).toEqual([true, true, false]);
  });
});

describe('otpkeyformat base32check', () => {
  /** Four bytes of the SHA-1 of the RFC's key, and the key. */
  const WRITTEN = 'PYFBEQRRGIZTINJWG44DSMBRGIZTINJWG44DSMA';
  const given = (otpkey: string) => make(sms, { otpkey, otpkeyformat: 'base32check', phone: '1' });

  it.each([WRITTEN, WRITTEN.toLowerCase(), 'PYFB EQRR GIZT INJW G44D SMBR GIZT INJW G44D SMA='])('%s', async (text) => {
    expect((await given(text)).secret).toEqual(RFC_KEY);
  });

  it.each([
    ['a letter mistyped', WRITTEN.replace('GIZT', 'GIZU')],
    ['two letters swapped', WRITTEN.replace('GIZT', 'GITZ')],
    ['the end missing', WRITTEN.slice(0, -8)],
    ['no base32', '01890189'],
    ['the checksum alone', '3I42H3Q'],
  ])('refuses one with %s, and repeats none of it', async (_, text) => {
    const error = await given(text).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'bad_option', details: { path: 'otpkey' } });
    expect(JSON.stringify(error)).not.toContain(text);
  });
});

/** Equal requests at once: a one-time password is accepted once, and every failure counts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALICE, atOnce, type Door, openDoor } from './front-door-stack.ts';

const KEY = '3132333435363738393031323334353637383930';
const ROUNDS = 10;
const of = (serial: string, rest: object) => ({ serial, user: ALICE, pin: '1234', ...rest });

let door: Door;

describe('equal requests at once', () => {
  beforeAll(async () => {
    door = await openDoor({
      settings: { challenge_response: ['hotp', 'pw'] },
      tokens: [
        ...Array.from({ length: ROUNDS }, (_, i) => of(`HO${i}`, { tokentype: 'hotp', otpkey: KEY })),
        ...Array.from({ length: ROUNDS }, (_, i) => of(`TW${i}A`, { tokentype: 'hotp', otpkey: KEY, pin: `two${i}` })),
        ...Array.from({ length: ROUNDS }, (_, i) => of(`TW${i}B`, { tokentype: 'hotp', otpkey: KEY, pin: `two${i}` })),
        ...Array.from({ length: ROUNDS }, (_, i) =>
          of(`TA${i}`, { tokentype: 'tan', tans: '111111 222222', pin: `tan${i}` }),
        ),
        ...Array.from({ length: ROUNDS }, (_, i) =>
          of(`RG${i}`, { tokentype: 'registration', secret: 'RegCode123', otplen: 10, pin: `reg${i}` }),
        ),
        ...Array.from({ length: ROUNDS }, (_, i) =>
          of(`PW${i}`, { tokentype: 'pw', secret: 'secret9', otplen: 7, pin: `pw${i}` }),
        ),
        of('FAIL', { tokentype: 'spass', pin: 'failing', maxfail: 100 }),
        of('FULL', { tokentype: 'spass', pin: 'full', maxfail: 10 }),
      ],
    });
  });
  afterAll(() => door.stack.stop());

  const rounds = Array.from({ length: ROUNDS }, (_, i) => i);

  it.each(rounds)('accepts a HOTP value once (round %i)', async (i) => {
    const answers = await atOnce(2, () => door.check({ serial: `HO${i}`, pass: '1234755224' }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.filter(({ value }) => value === true)).toHaveLength(1);
    expect(await door.token(`HO${i}`)).toMatchObject({ count: 1, info: { count_auth: '2', count_auth_success: '1' } });
  });

  it.each(rounds)('accepts a value of two tokens with one key and PIN once (round %i)', async (i) => {
    const answers = await atOnce(3, () => door.check({ user: 'alice', pass: `two${i}755224` }));
    expect(answers.filter(({ value }) => value === true)).toHaveLength(1);
  });

  it.each(rounds)('accepts a TAN once (round %i)', async (i) => {
    const answers = await atOnce(2, () => door.check({ serial: `TA${i}`, pass: `tan${i}222222` }));
    expect(answers.filter(({ value }) => value === true)).toHaveLength(1);
  });

  it.each(rounds)('accepts a registration code once, and the other is no fault of ours (round %i)', async (i) => {
    const answers = await atOnce(2, () => door.check({ serial: `RG${i}`, pass: `reg${i}RegCode123` }));
    expect(answers.filter(({ value }) => value === true)).toHaveLength(1);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
  });

  it.each(rounds)('takes one answer to a challenge, though the password stays good (round %i)', async (i) => {
    const { detail } = await door.check({ serial: `PW${i}`, pass: `pw${i}` });
    const answer = { serial: `PW${i}`, pass: 'secret9', transaction_id: String(detail.transaction_id) };
    const answers = await atOnce(3, () => door.check(answer));
    expect(answers.filter(({ value }) => value === true)).toHaveLength(1);
    expect((await door.check(answer)).message).toBe('wrong otp pin');
  });

  it('counts 30 failures at once as 30', async () => {
    const answers = await atOnce(30, () => door.check({ serial: 'FAIL', pass: 'wrong' }));
    expect(answers.every(({ status, value }) => status === 200 && value === false)).toBe(true);
    expect(await door.token('FAIL')).toMatchObject({ failcount: 30, info: { count_auth: '30' } });
  });

  it('stops at the maximum: the right PIN is refused afterwards', async () => {
    const answers = await atOnce(15, () => door.check({ serial: 'FULL', pass: 'wrong' }));
    expect(answers.filter(({ message }) => message === 'wrong otp pin')).toHaveLength(10);
    expect(await door.token('FULL')).toMatchObject({
      failcount: 10,
      info: { failcounter_exceeded: expect.any(String) },
    });
    expect(await door.check({ serial: 'FULL', pass: 'full' })).toMatchObject({
      value: false,
      message: 'Failcounter exceeded',
    });
  });
});

/** The logins that `start` plays, and `login` at the stack that it leaves running. */
import { expect, it } from 'vitest';
import { call, emptyFolder, startCommand } from './tokenwright.ts';

/** The first answer that is printed after a line, without the transaction's number. */
function answerAfter(printed: string, line: string): string | undefined {
  const lines = printed.split('\n');
  const answers = lines.slice(lines.findIndex((one) => one.startsWith(line))).filter((one) => /^ {2}\d{3} /.test(one));
  return answers[0]?.replace(/transaction \d{20}/, 'transaction N').trim();
}

it('logs in with the code of the app, refuses others, and answers a challenge', async () => {
  const folder = await emptyFolder();
  const stack = startCommand(folder, ['start']);
  await stack.says('\nready\n');
  const { stdout } = stack.printed();
  expect(answerAfter(stdout, 'grace logs in with the code of her app')).toBe('200 ACCEPT matching 1 tokens');
  expect(answerAfter(stdout, 'grace mistypes')).toBe('200 REJECT wrong otp value');
  expect(answerAfter(stdout, 'grace asks for a text message')).toBe(
    '200 CHALLENGE Enter the OTP from the SMS: (transaction N)',
  );
  expect(answerAfter(stdout, 'grace answers')).toBe('200 ACCEPT Found matching challenge');

  const code = /-d user=grace -d pass=(\d{10})\n/.exec(stdout)?.[1] ?? '';
  const logIn = (password: string, ...args: string[]) =>
    call(folder, ['login', 'grace', ...args], { input: `${password}\n`, environment: { NO_COLOR: '1' } });
  const rejected = await logIn('1234000000');
  expect(rejected).toMatchObject({ code: 1, stdout: expect.stringMatching(/^ {2}200 REJECT wrong otp value\n/) });
  // The command waits a moment for the steps of the event, which on a busy machine may not be enough.
  let told = rejected;
  for (let tries = 0; tries < 5 && !told.stdout.includes('OATH1200'); tries += 1) told = await logIn('1234000000');
  expect(told.stdout).toContain('✔ done    increase tokeninfo OATH1200 [#3 count the rejects]');
  const accepted = await logIn(code);
  expect(accepted).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}200 ACCEPT matching 1 tokens\n/) });
  const again = await logIn(code);
  expect(again.code).toBe(1);
  expect(answerAfter(again.stdout, '')).toBe('200 REJECT wrong otp value. previous otp used again');
  const asked = await logIn('5678');
  expect(asked.code).toBe(1);
  expect(answerAfter(asked.stdout, '')).toBe('200 CHALLENGE Enter the OTP from the SMS: (transaction N)');
  expect(`${accepted.stdout}${asked.stdout}`).not.toMatch(new RegExp(`${code}|5678`));

  const nowhere = await logIn(code, '--url', 'http://127.0.0.1:9');
  expect(nowhere.code).not.toBe(0);
  expect(await logIn(code, '--stage', 'prod')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--explain only'),
  });
  expect(await stack.interrupt()).toBe(0);
});

/**
 * test/authenticate proves what a login does on the local stack, beyond the measured vectors of test/auth-api.
 *
 * Here: `login --explain` tells the effects of a login and causes none.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { explainLogin } from '../../cli/login/explain-login.ts';
import { ALICE, type Door, openDoor } from './front-door-stack.ts';

const KEY = '3132333435363738393031323334353637383930';
const disable = {
  id: 1,
  name: 'off after a failure',
  event: ['validate_check'],
  action: 'disable',
  conditions: { result_value: 'False' },
};

let door: Door;
beforeAll(async () => {
  const tokens = [{ serial: 'HO1', tokentype: 'hotp', user: ALICE, pin: '1234', otpkey: KEY }];
  door = await openDoor({ tokens, definitions: [disable] });
});
afterAll(() => door.stack.stop());

it.each([
  ['a right password', '1234755224', ['ACCEPT', 'info.count_auth_success', 'would not act HO1']],
  ['a wrong one', '1234000000', ['REJECT', 'failcount: 0 → 1', '✔ would act HO1']],
])('tells what %s would do, and writes nothing', async (_name, password, said) => {
  const printed: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    await explainLogin('alice', password, undefined);
  } finally {
    write.mockRestore();
  }
  for (const one of said) expect(printed.join('')).toContain(one);
  await door.stack.idle();
  expect(await door.token('HO1')).toMatchObject({ active: true, failcount: 0, count: 0, info: {} });
});

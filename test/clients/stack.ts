/** Starts the local stack for the clients, with users, tokens and an administrator. */

import { join } from 'node:path';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';

/** The key of RFC 4226, 20 bytes of digits. */
export const KEY = '3132333435363738393031323334353637383930';
export const ADMIN = { username: 'service', password: 'service+p@ss' };

const realm = { realm: 'realm1', resolver: 'resolver1' };
const alice = { login: 'alice', uid: '1000', ...realm };
const odd = { login: 'bärbel', uid: '1001', ...realm };
const carol = { login: 'carol', uid: '1002', ...realm };

const dora = { login: 'dora', uid: '1003', ...realm };

const SCENE = {
  realms: { realm1: ['resolver1'] },
  default_realm: 'realm1',
  users: [alice, odd, dora, { ...carol, mobile: '+49 111' }],
  admins: [ADMIN],
  definitions: [],
  tokens: [
    {
      serial: 'TOTP1',
      tokentype: 'totp',
      otpkey: KEY,
      pin: 'pin',
      user: alice,
      info: { hashlib: 'sha1', timeStep: '30' },
    },
    { serial: 'SPASS1', tokentype: 'spass', pin: 'a+b ä&=100%', user: odd },
    { serial: 'SPASS2', tokentype: 'spass', pin: 'x%41y', user: dora },
    { serial: 'HOTP1', tokentype: 'hotp', otpkey: KEY, pin: 'pin', user: carol, info: { hashlib: 'sha1' } },
  ],
  settings: { challenge_response: ['hotp'] },
};

/** Starts it on loopback, with the real time, which `oathtool` uses. */
export async function startDoor(): Promise<Stack> {
  const stack = await startStack({
    root: join(import.meta.dirname, '../..'),
    environment: { VALIDATE_ACCESS: 'open', POWERTOOLS_LOG_LEVEL: 'ERROR', POWERTOOLS_METRICS_DISABLED: 'true' },
  });
  connectTo(stack.environment);
  await seed(await readScenario(SCENE, Date.now()), tablesOf(stack.environment));
  return stack;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callHere } from './in-process.ts';
import { emptyFolder } from './tokenwright.ts';

const SCENE = {
  timezone: 'UTC',
  realms: { sales: ['ldap'] },
  tokens: [{ serial: 'TOTP1', tokentype: 'totp' }],
  definitions: [
    { id: 1, event: 'login', action: 'disable', conditions: { challenge_expired: 'True', tokentype: 'totp' } },
    { id: 2, event: 'login', action: 'disable', conditions: { challenge_expired: 'True' }, when_missing: 'fail' },
  ],
};
const event = (id: string, detail: object) => ({
  id: `bus-${id}`,
  source: 'my-idp',
  'detail-type': 'login',
  time: '2026-03-15T10:20:30Z',
  detail: { id, ...detail },
});
const RECORDED = [
  event('a', { serial: 'TOTP1' }),
  event('b', { serial: 'GONE1', user: { login: 'nobody', realm: 'sales' } }),
];

async function explain(...args: string[]) {
  const folder = await emptyFolder();
  const [scene, events] = [join(folder, 'scene.json'), join(folder, 'events.jsonl')];
  await writeFile(scene, JSON.stringify(SCENE));
  await writeFile(events, RECORDED.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return callHere('definitions', 'explain', events, '--tokens', scene, ...args);
}

describe('definitions explain', () => {
  it('takes one event of a recording by its id, and marks what is not known', async () => {
    const { code, stdout, stderr } = await explain('--event', 'a');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const marked = stdout.split('\n').filter((line) => line.includes('wanted'));
    expect(marked.map((line) => line.replace(/^\W*(?=[✔✘?])/u, ''))).toEqual([
      '? challenge_expired: wanted "True": not known, and then it holds',
      '✔ tokentype: wanted "totp", saw "totp": holds',
      '? challenge_expired: wanted "True": not known, and then it doesn\'t hold',
    ]);
  });

  it('takes the id that the bus gave the event, too', async () => {
    const { stdout } = await explain('--event', 'bus-a');
    expect(stdout).toMatch(/^2026-03-15T10:20:30Z login TOTP1 \(my-idp, post, a\)\n/);
  });

  it('says that a token or a user is unknown', async () => {
    const { stderr } = await explain('--event', 'b');
    expect(stderr).toBe(
      'note: there is no token GONE1\nnote: the directory has no user {"login":"nobody","realm":"sales"}\n',
    );
  });

  it('asks which one is meant, and refuses an id that is not there', async () => {
    expect((await explain()).stderr).toContain('contains 2 events: choose one with --event ID');
    expect(await explain('--event', 'c')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no event with the id "c"'),
    });
  });
});

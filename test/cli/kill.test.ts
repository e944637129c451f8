/** Kills `dev` in the middle of its work: everything that it acknowledged is done after a restart. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { call, emptyFolder, type RunningDev, startDev } from './tokenwright.ts';

const EVENTS = 12;
const DEFINITIONS = JSON.stringify([
  { id: 1, name: 'count', event: 'auth', action: 'increase tokeninfo', options: { key: 'seen' } },
  { id: 2, name: 'count twice', event: 'auth', action: 'change failcounter', options: { 'change fail counter': '+2' } },
]);
const TOKENS = JSON.stringify([{ serial: 'T1', tokentype: 'hotp' }]);

async function putEvents({ eventbridge }: RunningDev): Promise<void> {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new EventBridgeClient({ endpoint: eventbridge, region: 'eu-central-1', credentials });
  const entries = Array.from({ length: EVENTS }, (_, i) => {
    const Detail = JSON.stringify({ id: `e${i}`, serial: 'T1' });
    return { EventBusName: 'tokenwright', Source: 'idp', DetailType: 'auth', Detail };
  });
  for (let at = 0; at < EVENTS; at += 6) {
    const answer = await client.send(new PutEventsCommand({ Entries: entries.slice(at, at + 6) }));
    expect(answer.FailedEntryCount).toBe(0);
  }
}

async function shown(folder: string): Promise<{ failcount: number; seen: number }> {
  const { stdout } = await call(folder, ['tokens', 'show', 'T1', '--json']);
  const { failcount, info } = JSON.parse(stdout) as { failcount: number; info: { seen?: string } };
  return { failcount, seen: Number(info.seen ?? 0) };
}

it('does everything that it acknowledged once, also if it is killed several times in between', async () => {
  const folder = await emptyFolder();
  const data = join(folder, 'data');
  const first = await startDev(folder, '--data', data);
  await call(folder, ['tokens', 'import', '-'], { input: TOKENS });
  await call(folder, ['definitions', 'set', '-'], { input: DEFINITIONS });
  await putEvents(first);
  await first.stop('SIGKILL');
  for (const milliseconds of [0, 40, 150, 400]) {
    const again = await startDev(folder, '--data', data);
    await wait(milliseconds);
    expect(await again.stop('SIGKILL')).toBe('SIGKILL');
  }
  const last = await startDev(folder, '--data', data);
  const wanted = { failcount: 2 * EVENTS, seen: EVENTS };
  for (let attempt = 0; attempt < 30 && (await shown(folder)).failcount < wanted.failcount; attempt += 1)
    await wait(200);
  expect(await shown(folder)).toEqual(wanted);
  expect((await call(folder, ['dlq', 'list', '--json'])).stdout).toBe('[]\n');
  await last.stop('SIGINT');
}, 180_000);

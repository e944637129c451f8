import type { PutEventsCommand, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { expect, it, vi } from 'vitest';
import { publisher } from '../../lib/event/publish.ts';

async function callsFor(sizes: readonly number[]): Promise<number[][]> {
  const send = vi.fn(async ({ input }: PutEventsCommand) => ({ Entries: input.Entries?.map(() => ({})) }));
  const entries = sizes.map(
    (size): PutEventsRequestEntry => ({ Source: '', DetailType: '', Detail: 'x'.repeat(size) }),
  );
  await publisher({ send } as unknown as Parameters<typeof publisher>[0])(entries);
  return send.mock.calls.map(([{ input }]) => input.Entries?.map(({ Detail = '' }) => Detail.length) ?? []);
}

it.each<[string, number[], number[][]]>([
  ['nothing is no call', [], []],
  ['ten a call at most', Array(11).fill(1), [Array(10).fill(1), [1]]],
  [
    'below 1 MB a call',
    [400_000, 400_000, 400_000, 7],
    [
      [400_000, 400_000],
      [400_000, 7],
    ],
  ],
  ['one that is too large by itself stops no other', [1, 1_100_000, 2], [[1], [1_100_000], [2]]],
])('events are put in as few calls as EventBridge takes: %s', async (_name, sizes, calls) => {
  expect(await callsFor(sizes)).toEqual(calls);
});

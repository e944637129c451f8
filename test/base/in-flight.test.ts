import { expect, it } from 'vitest';
import { inFlight } from '../../lib/base/concurrency.ts';

/** Calls that end when they are told to, in any order. */
function calls() {
  const begun: { item: number; end: () => void; fail: (reason: Error) => void }[] = [];
  const call = (item: number) =>
    new Promise<string>((resolve, reject) => {
      begun.push({ item, end: () => resolve(`made of ${item}`), fail: reject });
    });
  return { begun, call };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('keeps so many calls under way, and the order of the items', async () => {
  const { begun, call } = calls();
  const results = inFlight([1, 2, 3], call, 2);
  await settled();
  expect(begun.map(({ item }) => item)).toEqual([1, 2]);
  begun[1]?.end();
  await settled();
  expect(begun.map(({ item }) => item)).toEqual([1, 2, 3]);
  begun[2]?.end();
  begun[0]?.end();
  expect(await results).toEqual(['made of 1', 'made of 2', 'made of 3']);
});

it('begins no further call once one has failed, and waits for those under way', async () => {
  const { begun, call } = calls();
  let over = false;
  const results = inFlight([1, 2, 3, 4], call, 2).finally(() => {
    over = true;
  });
  results.catch(() => undefined);
  await settled();
  begun[0]?.fail(new Error('the table is gone'));
  await settled();
  expect(over).toBe(false);
  begun[1]?.end();
  await expect(results).rejects.toThrow('the table is gone');
  expect(begun.map(({ item }) => item)).toEqual([1, 2]);
});

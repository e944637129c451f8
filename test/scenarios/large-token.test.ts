/** Tokens near DynamoDB's limit of 400 KB with values near EventBridge's of 256 KB: each step ends in an outcome. */
import { expect, it } from 'vitest';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const [FULL, MORE] = ['f'.repeat(200_000), 'm'.repeat(230_000)];

const SCENARIO = {
  tokens: [
    { serial: 'T1', tokentype: 'hotp', info: { note: FULL } },
    { serial: 'T2', tokentype: 'hotp', info: { note: 'n'.repeat(300_000) } },
  ],
  definitions: [
    { id: 1, event: 'grow', action: 'set tokeninfo', options: { key: 'more', value: MORE } },
    { id: 2, event: 'grow', action: 'disable', ordering: 1 },
    { id: 3, event: 'judge', action: 'disable', conditions: { tokeninfo: 'note == x' } },
    { id: 4, event: 'judge', action: 'set tokeninfo', options: { key: 'note', value: 'short' }, ordering: 1 },
  ],
  events: [
    { 'detail-type': 'grow', detail: { serial: 'T1' } },
    { 'detail-type': 'judge', detail: { serial: 'T2' } },
  ],
};

it('a step that would make a token too large fails with a code, and one that reads or replaces what no event can hold is announced', async () => {
  const { outcomes, tokens } = await runScenario(await readScenario(SCENARIO, NOW));
  expect(outcomes).toMatchObject([
    { status: 'failed', serial: 'T1', changes: {}, reason: { code: 'token_too_large' } },
    { status: 'done', serial: 'T1', changes: { active: [true, false] } },
    { status: 'skipped', serial: 'T2', reason: { code: 'condition', saw: `${'n'.repeat(1000)}...` } },
    { status: 'done', serial: 'T2', changes: null },
  ]);
  expect(tokens).toMatchObject([
    { active: false, info: { note: FULL } },
    { active: true, info: { note: 'short' } },
  ]);
});

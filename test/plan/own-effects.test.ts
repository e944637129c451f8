/**
 * test/plan proves what planning finds when the event's own steps change which tokens a user has; conditions and targets
 * are proved by test/scenarios.
 *
 * Here: events whose steps delete or unassign tokens, delivered once and repeatedly.
 */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const USER = { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' };
const token = (serial: string) => ({ serial, tokentype: 'hotp', user: USER });

async function run(scenario: Record<string, unknown>, delivery?: { copies: number; seed: number }) {
  const people = { realms: { realm1: ['resolver1'] }, users: [USER] };
  const result = await runScenario(await readScenario({ ...people, ...scenario }, NOW), delivery);
  const outcomes = result.outcomes.map((one) => `${one.definition?.id} ${one.serial} ${one.status}`).sort();
  return { outcomes, tokens: result.tokens };
}

const REPEATED = { copies: 2, seed: 7 };

describe.each([
  ['delivered once', undefined],
  ['delivered again and again', REPEATED],
])('%s', (_name, delivery) => {
  it('a definition sees how many tokens the definition before it has left the user', async () => {
    const { outcomes, tokens } = await run(
      {
        tokens: [token('A')],
        definitions: [
          { id: 1, event: 'auth', action: 'set tokeninfo', options: { key: 'had', value: '1' }, conditions: one },
          { id: 2, event: 'auth', action: 'unassign' },
          { id: 3, event: 'auth', action: 'set description', options: { description: 'last' }, conditions: none },
          { id: 4, event: 'auth', action: 'disable', conditions: one },
        ],
        events: [{ 'detail-type': 'auth', source: 'test', detail: { serial: 'A', user: USER } }],
      },
      delivery,
    );
    expect(outcomes).toEqual(['1 A done', '2 A done', '3 A done', '4 A skipped']);
    expect(tokens).toMatchObject([{ user: null, description: 'last', active: true, info: { had: '1' } }]);
  });

  it("a serial alone means its owner: the target user is all of the owner's tokens", async () => {
    const { outcomes } = await run(
      {
        tokens: [token('A'), token('B'), { serial: 'C', tokentype: 'hotp' }],
        definitions: [{ id: 1, event: 'auth', action: 'unassign', target: 'user' }],
        events: [{ 'detail-type': 'auth', source: 'test', detail: { serial: 'A' } }],
      },
      delivery,
    );
    expect(outcomes).toEqual(['1 A done', '1 B done']);
  });
});

const one = { user_token_number: '==1' };
const none = { user_token_number: '==0' };

it.each(['A,B', 'C'])('%s has no target user', async (serial) => {
  const { outcomes } = await run({
    tokens: [token('A'), token('B'), { serial: 'C', tokentype: 'hotp' }],
    definitions: [{ id: 1, event: 'auth', action: 'unassign', target: 'user' }],
    events: [{ 'detail-type': 'auth', source: 'test', detail: { serial } }],
  });
  expect(outcomes).toEqual(['1 null skipped']);
});

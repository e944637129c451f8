/**
 * test/simulate proves that explain says what then happens, and that replay ends with the tokens of the real handlers.
 *
 * Here: explain of an action that creates a token.
 */
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { sceneOf, unapplied } from '../../cli/simulate/scene.ts';
import { dryRun } from '../../lib/simulate/dry-run.ts';
import { explainEvent } from '../../lib/simulate/explain.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const OWNER = { login: 'hans', realm: 'r1', resolver: 'ldap', uid: '1' };
const USER = { user: { login: 'hans', realm: 'r1' } };

async function explained(options: object, conditions: object, detail: object) {
  const definition = { id: 1, name: 'new', event: 'auth', action: 'enroll', options, conditions };
  const scenario = await readScenario(
    {
      realms: { r1: ['ldap'] },
      users: [OWNER],
      tokens: [
        { serial: 'T1', tokentype: 'hotp', failcount: 3, user: OWNER },
        { serial: 'T2', tokentype: 'hotp' },
      ],
      definitions: [definition],
      events: [{ id: 'e1', source: 'test', 'detail-type': 'auth', time: '2026-03-15T10:20:30Z', detail }],
    },
    NOW,
  );
  const scene = {
    ...(await sceneOf(scenario)),
    now: () => NOW,
    firstDelivery: async (_: unknown, found: readonly string[]) => found,
  };
  const runtime = dryRun(scene, await unapplied(scenario.checked.definitions));
  const [played] = scenario.events;
  if (!played) throw new Error('no event');
  const { definitions } = await explainEvent(played.event, runtime);
  return definitions[0]?.steps;
}

describe('explain of an action that creates a token', () => {
  it('says that it would act, and what it would announce by name', async () => {
    const steps = await explained({ tokentype: 'totp', user: '1' }, { user_token_number: '==1' }, USER);
    expect(steps).toMatchObject([
      {
        serial: null,
        verdict: 'acts',
        reason: null,
        conditions: [{ condition: 'user_token_number', saw: 1, verdict: 'holds' }],
        options: { tokentype: 'totp' },
        changes: { created: [false, true] },
      },
    ]);
    expect(steps?.[0]?.announces).toContain('serial');
    expect(JSON.stringify(steps)).not.toContain('otpauth://');
  });

  it.each([
    ['missing_phone', { tokentype: 'sms', user: '1' }, USER],
    ['missing_user', { tokentype: 'totp', user: '1' }, {}],
  ])('says why it would fail: %s', async (code, options, detail) => {
    expect(await explained(options, {}, detail)).toMatchObject([{ serial: null, verdict: 'failed', reason: { code } }]);
  });

  it('is one step, however many tokens the event is about: one of them has to fulfil the conditions', async () => {
    const about = { serial: 'T2,T1' };
    const acts = await explained({ tokentype: 'totp' }, { failcounter: '>=3' }, about);
    expect(acts).toMatchObject([{ serial: null, verdict: 'acts', conditions: [{ saw: 3, passes: true }] }]);
    const not = await explained({ tokentype: 'totp' }, { failcounter: '>=4' }, about);
    expect(not).toMatchObject([{ serial: null, verdict: 'skipped', conditions: [{ saw: 0, passes: false }] }]);
  });
});

import { describe, expect, it } from 'vitest';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const HANS = { login: 'hans', realm: 'r', resolver: 'ldap', uid: '1' };
const people = { realms: { r: ['ldap'] }, users: [HANS] };
const TOKENS = [
  { serial: 'NEW', tokentype: 'hotp', user: HANS },
  { serial: 'OLD1', tokentype: 'hotp', user: HANS },
  { serial: 'OLD2', tokentype: 'hotp', user: HANS },
  { serial: 'PHONE', tokentype: 'totp', user: HANS },
  { serial: 'FREE', tokentype: 'hotp' },
  { serial: 'OFF', tokentype: 'totp', active: false },
];

async function run(scenario: Record<string, unknown>, delivery?: { copies: number; seed: number }) {
  const file = { ...people, tokens: TOKENS, ...scenario };
  const { outcomes, tokens, bulk } = await runScenario(await readScenario(file, NOW), delivery);
  const lines = outcomes.map(({ serial, status, reason }) => [serial, status, reason?.code].filter(Boolean).join(' '));
  return { outcomes: lines.sort(), left: tokens.map(({ serial }) => serial), tokens, bulk };
}

const event = (name: string, detail: object = {}) => ({ 'detail-type': name, source: 'test', detail });
const rollover = { id: 1, event: 'token_init', action: 'delete', target: 'siblings' };
const everyDisabled = { id: 1, event: 'cleanup', target: 'disabled', confirm: true };

describe.each([
  ['delivered once', undefined],
  ['delivered again and again', { copies: 3, seed: 5 }],
])('%s', (_, delivery) => {
  it("siblings are the owner's other tokens of the same type: the new one stays, the old ones go", async () => {
    const { outcomes, left } = await run(
      { definitions: [rollover], events: [event('token_init', { serial: 'NEW' })] },
      delivery,
    );
    expect(outcomes).toEqual(['OLD1 done', 'OLD2 done']);
    expect(left).toEqual(['NEW', 'PHONE', 'FREE', 'OFF']);
  });

  it('selects the siblings of each of several tokens, and none of the named tokens', async () => {
    const { outcomes } = await run(
      { definitions: [rollover], events: [event('token_init', { serial: 'NEW,OLD1' })] },
      delivery,
    );
    expect(outcomes).toEqual(['OLD2 done']);
  });

  it.each(['PHONE', 'FREE', 'GONE'])('the token %s has no sibling', async (serial) => {
    const { outcomes } = await run({ definitions: [rollover], events: [event('token_init', { serial })] }, delivery);
    expect(outcomes).toEqual(['skipped no_token']);
  });

  it('all disabled tokens, each by its own step with its own conditions, and a summary of them', async () => {
    const tokens = [...TOKENS, { serial: 'OFF2', tokentype: 'hotp', active: false, user: HANS }];
    const definitions = [{ ...everyDisabled, action: 'delete', conditions: { tokentype: 'totp' } }];
    const { outcomes, left, bulk } = await run({ tokens, definitions, events: [event('cleanup')] }, delivery);
    expect(outcomes).toEqual(['OFF done', 'OFF2 skipped condition']);
    expect(left).not.toContain('OFF');
    expect(bulk).toMatchObject([
      { action: 'delete', target: 'disabled', stopped: false, definition: { id: 1 }, event: { name: 'cleanup' } },
    ]);
    expect(bulk?.[0]?.tokens).toEqual({ found: 2, done: 1, skipped: 1, failed: 0, deferred: 0 });
  });

  it('all unassigned tokens; an event condition that does not hold starts nothing', async () => {
    const definition = { id: 1, event: 'cleanup', action: 'disable', target: 'unassigned', confirm: true };
    const definitions = [definition, { ...definition, id: 2, conditions: { logged_in_user: 'admin' } }];
    const admin = { logged_in_user: { role: 'user' } };
    const { outcomes, bulk } = await run({ definitions, events: [event('cleanup', admin)] }, delivery);
    expect(outcomes).toEqual(['FREE done', 'OFF done']);
    expect(bulk?.map(({ definition: { id }, tokens }) => [id, tokens.found])).toEqual([[1, 2]]);
  });
});

describe('a definition on all tokens of a state', () => {
  const refusals = async (definition: object) => {
    const given = { ...everyDisabled, action: 'delete', ...definition };
    const reading = readScenario({ ...people, definitions: [given] }, NOW);
    const { errors } = await reading.then(
      () => ({ errors: [] }),
      (error) => error,
    );
    return errors.map((error: { code: string; details: { path: string } }) => `${error.code} ${error.details.path}`);
  };

  it.each([
    ['without "confirm": true', { confirm: undefined }, ['bad_definition definitions[0].confirm']],
    ['with "confirm": false', { confirm: 'False' }, ['bad_definition definitions[0].confirm']],
    ['at pre', { position: 'pre' }, ['bad_definition definitions[0].position']],
    [
      'at pre, unconfirmed',
      { position: 'pre', confirm: false },
      ['bad_definition definitions[0].position', 'bad_definition definitions[0].confirm'],
    ],
    [
      'that makes tokens',
      { action: 'enroll', options: { tokentype: 'hotp' } },
      ['bad_definition definitions[0].target'],
    ],
  ])('is refused %s', async (_, definition, expected) => {
    expect(await refusals(definition)).toEqual(expected);
  });

  it.each(['user', 'siblings'])('nor does an action that makes tokens take the target %s', async (target) => {
    const makes = { action: 'enroll', options: { tokentype: 'hotp' }, confirm: undefined };
    expect(await refusals({ ...makes, target })).toEqual(['bad_definition definitions[0].target']);
    expect(await refusals({ ...makes, target: 'current' })).toEqual([]);
  });

  it('is taken when it is confirmed; elsewhere "confirm" says nothing', async () => {
    expect(await refusals({})).toEqual([]);
    expect(await refusals({ target: 'current' })).toEqual([]);
    expect(await refusals({ target: 'siblings', confirm: false })).toEqual([]);
  });
});

/** Events that differ in name, user or tokens are different events, even with the same id. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { Slip, stepIdOf } from '../../lib/event/slip.ts';
import { eventKey } from '../../lib/event/step-id.ts';
import { parse } from '../../lib/schema/validate.ts';

const TIME = '2026-03-15T10:20:30Z';

function read(detail: Record<string, unknown>, name = 'validate_check') {
  return parseAuthEvent({ id: 'e1', source: 'test', 'detail-type': name, time: TIME, detail });
}

function keyOf(detail: Record<string, unknown>, name?: string): string {
  const parsed = read(detail, name);
  if (!parsed.ok) throw parsed.errors[0];
  return eventKey(parsed.value);
}

describe('the key of an event', () => {
  const user = { login: 'Ren\u00e9', realm: 'Realm1' };

  it.each<[string, Record<string, unknown>]>([
    ['another Unicode form of the login', { user: { ...user, login: 'Rene\u0301' }, serial: 'A,B' }],
    ['another case of the realm', { user: { ...user, realm: 'rEALM1' }, serial: 'A,B' }],
    ['another order of the serials', { user, serial: 'B, A' }],
    ['another place of the serials', { user, request: { serial: 'A,B' } }],
    ['what else it tells', { user, serial: 'A,B', client_ip: '10.0.0.1', occurred_at: '2026-03-15T10:00:00Z' }],
  ])('is the same for %s', (_name, detail) => expect(keyOf(detail)).toBe(keyOf({ user, serial: 'A,B' })));

  it.each<[string, Record<string, unknown>]>([
    ['another login', { user: { ...user, login: 'rene' }, serial: 'A,B' }],
    ['a resolver', { user: { ...user, resolver: 'r' }, serial: 'A,B' }],
    ['no user', { serial: 'A,B' }],
    ['other tokens', { user, serial: 'A' }],
    ['one serial that looks like two', { user, serial: 'AB' }],
  ])('is another one for %s', (_name, detail) => expect(keyOf(detail)).not.toBe(keyOf({ user, serial: 'A,B' })));

  it('is another one for another name', () => {
    expect(keyOf({ user }, 'leaver')).not.toBe(keyOf({ user }, 'joiner'));
  });
});

describe('the serials of an event', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `T${i}`).join(',');

  it('are at most a hundred, wherever they stand', () => {
    expect(read({ serial: many(100) })).toMatchObject({ ok: true });
    for (const [path, detail] of [
      ['detail.serial', { serial: many(101) }],
      ['detail.request.serial', { request: { serial: many(101) } }],
      ['detail.response.detail.serial', { response: { detail: { serial: many(101) } } }],
    ] as const) {
      expect(read(detail)).toMatchObject({ ok: false, errors: [{ code: 'bad_event', details: { path } }] });
    }
  });

  it.each<[string, string, string, readonly string[]]>([
    ['case', 'totp0001', 'TOTP0001', ['TOTP0001']],
    ['spaces', 'TOTP 0001', 'TOTP0001', ['TOTP0001']],
    ['Unicode form', 'e\u0301-1', '\u00e9-1', ['\u00e9-1']],
    ['one of a list', 'totp0001, OTHER', 'TOTP0001', ['TOTP0001', 'OTHER']],
    ['another token is another token', 'TOTP0002', 'TOTP0001', ['TOTP0002']],
  ])('are spelled as the response spells them: %s', (_name, requested, answered, expected) => {
    const parsed = read({ request: { serial: requested }, response: { detail: { serial: answered } } });
    expect(parsed).toMatchObject({ ok: true, value: { serials: expected } });
  });

  it('belong to the user that was written: a number that is not exact is refused', () => {
    // biome-ignore lint/correctness/noPrecisionLoss: what a sender may write
    const parsed = read({ user: { uid: 9007199254740993 } });
    expect(parsed).toMatchObject({ ok: false, errors: [{ code: 'bad_event', details: { path: 'detail.user.uid' } }] });
  });
});

describe('a slip of the release before the key', () => {
  it('keeps the ids that its first steps were done under', () => {
    const slip = {
      action: 'disable',
      event: { id: '6f1c', name: 'validate_check', source: 'privacyidea', position: 'post', time: 1773570030250 },
      serial: 'TOTP0001',
      facts: {},
      steps: [{ definition: 1, version: 1, action: 'disable', open: [] }],
      at: 0,
    };
    expect(stepIdOf(parse(Slip, slip, 'bad_step'), 1)).toBe(
      'e1f62565a41357338bf7de4a738da308176f711edc35636b2000aebfea2d6657',
    );
  });

  it('of a release that is not known yet, is not guessed at', () => {
    const event = { key: '3:00', id: 'e', name: 'n', source: 's', position: 'post', time: 1 };
    const slip = { action: 'disable', event, serial: 'T', facts: {}, steps: [], at: 0 };
    expect(() => parse(Slip, slip, 'bad_step')).toThrow(/event\.key/);
  });
});

describe('an id used twice', () => {
  const users = ['ada', 'ben'].map((login, i) => ({ login, realm: 'r', resolver: 's', uid: String(i) }));
  const tokens = users.map((user, i) => ({ serial: `T${i}`, tokentype: 'hotp', user }));
  const play = async (definitions: object[], events: object[]) =>
    runScenario(await readScenario({ realms: { r: ['s'] }, users, tokens, definitions, events }, 0));

  it('for two names is two events', async () => {
    const count = { action: 'increase tokeninfo', options: { key: 'seen' } };
    const { outcomes, tokens: after } = await play(
      [{ id: 1, name: 'n', event: 'token_init,token_assign', ...count }],
      ['token_init', 'token_assign'].map((name) => ({
        'detail-type': name,
        time: TIME,
        detail: { id: 'transaction', serial: 'T0' },
      })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(after[0]?.info).toEqual({ seen: '2' });
  });

  it('for two users is two events, each about its own', async () => {
    const leave = (login: string) => ({
      'detail-type': 'leaver',
      time: TIME,
      detail: { id: 'leaving', user: { login, realm: 'r' } },
    });
    const { outcomes, tokens: after } = await play(
      [{ id: 1, name: 'n', event: 'leaver', action: 'unassign', target: 'user' }],
      [leave('ada'), leave('ben')],
    );
    expect(outcomes.map(({ serial, status }) => [serial, status])).toEqual([
      ['T0', 'done'],
      ['T1', 'done'],
    ]);
    expect(after.map(({ user }) => user)).toEqual([null, null]);
  });
});

import { describe, expect, it } from 'vitest';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { Refusal } from '../../lib/schema/validate.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const ada = { login: 'ada', realm: 'staff', resolver: 'ldap', uid: '7', mobile: '+49151', email: 'ada@example.org' };
const people = { realms: { staff: ['ldap'], guests: ['ldap'] }, users: [ada] };
const aboutAda = { login: 'ada', realm: 'staff', resolver: 'ldap', uid: '7' };

interface Given {
  readonly options: Readonly<Record<string, unknown>>;
  readonly conditions?: Readonly<Record<string, unknown>>;
  readonly tokens?: readonly unknown[];
  readonly containers?: readonly unknown[];
  readonly events?: readonly unknown[];
}

function file({ options, conditions = {}, events, ...rest }: Given) {
  return {
    ...people,
    ...rest,
    definitions: [{ id: 1, event: 'login', action: 'enroll', options, conditions }],
    events: events ?? [event('e1', { user: aboutAda })],
  };
}

function event(id: string, detail: Readonly<Record<string, unknown>>, time = '2026-03-15T10:20:30Z') {
  return { id, source: 'idp', 'detail-type': 'login', time, detail };
}

async function play(given: Given, delivery?: { copies: number; seed: number }) {
  return runScenario(await readScenario(file(given), NOW), delivery);
}

async function refusal(options: Readonly<Record<string, unknown>>) {
  const error = await readScenario(file({ options }), NOW).catch((thrown: unknown) => thrown);
  if (!(error instanceof Refusal)) throw new Error('it was not refused');
  return error.errors.map(({ details, message }) => `${details.path}: ${message}`);
}

describe('enroll', () => {
  it('creates the TOTP token of the manual, with SHA-256 and the given key, and accepts its typographic quotes', async () => {
    const additional_params = '{“hashlib”: “sha256”, “type”: “totp”, “genkey”: 0, “otpkey”: “31323334”}';
    const { outcomes, tokens } = await play({ options: { tokentype: 'hotp', additional_params } });
    expect(tokens).toMatchObject([{ tokentype: 'totp', info: { hashlib: 'sha256', timeStep: '30' } }]);
    expect(outcomes[0]?.response?.detail.otpkey).toMatchObject({ value: 'seed://31323334' });
  });

  it('creates one token for an event that names several, of which one fulfils the conditions', async () => {
    const tokens = [
      { serial: 'A', tokentype: 'hotp' },
      { serial: 'B', tokentype: 'totp' },
    ];
    const events = [event('e1', { serial: 'A,B' })];
    const options = { tokentype: 'registration' };
    const made = await play({ options, conditions: { tokentype: 'totp' }, tokens, events });
    expect(made.tokens.map(({ tokentype }) => tokentype)).toEqual(['hotp', 'totp', 'registration']);
    const none = await play({ options, conditions: { tokentype: 'paper' }, tokens, events });
    expect(none.outcomes).toMatchObject([
      { status: 'skipped', serial: null, reason: { code: 'condition', saw: 'hotp' } },
    ]);
  });

  it.each([
    ['no user', { tokentype: 'hotp', user: true }, 'missing_user'],
    ['no realm', { tokentype: 'hotp', realm: 'nowhere' }, 'unknown_realm'],
    ['no address', { tokentype: 'email' }, 'missing_user'],
  ])('leaves nothing behind where there is %s', async (_name, options, code) => {
    const { outcomes, tokens } = await play({ options, events: [event('e1', {})] });
    expect(outcomes).toMatchObject([{ status: 'failed', serial: null, reason: { code } }]);
    expect(tokens).toEqual([]);
  });

  it('creates none for an event that is older than a ledger reaches', async () => {
    const events = [event('old', { user: aboutAda }, '2026-03-10T10:20:30Z'), event('new', {}, '2026-03-15T10:20:30Z')];
    const { outcomes } = await play({ options: { tokentype: 'hotp' }, events });
    expect(outcomes.map(({ status, reason }) => reason?.code ?? status).sort()).toEqual(['done', 'too_old']);
  });

  it('passes over a serial that another token has, and finds its own token again', async () => {
    const [first] = (await play({ options: { tokentype: 'hotp' } })).tokens;
    const tokens = [{ serial: first?.serial, tokentype: 'totp' }];
    const once = await play({ options: { tokentype: 'hotp' }, tokens });
    const often = await play({ options: { tokentype: 'hotp' }, tokens }, { copies: 3, seed: 5 });
    expect(once.tokens).toHaveLength(2);
    expect(once.tokens[0]).toMatchObject({ serial: first?.serial, tokentype: 'totp' });
    expect(often.tokens).toEqual(once.tokens);
  });

  it('refuses a given serial that another token has', async () => {
    const options = { tokentype: 'hotp', additional_params: { serial: 'MINE' } };
    const { outcomes } = await play({ options, tokens: [{ serial: 'MINE', tokentype: 'totp' }] });
    expect(outcomes).toMatchObject([{ status: 'failed', serial: null, reason: { code: 'token_exists' } }]);
  });
});

describe('a late event that occurred before the token was created', () => {
  const early = ['disable', 'set description', 'increase tokeninfo', 'add tokengroup', 'set tokenrealm', 'delete'];
  const OPTIONS: Readonly<Record<string, object>> = {
    'set description': { description: 'old' },
    'increase tokeninfo': { key: 'n', increment: '1' },
    'add tokengroup': { tokengroup: 'g1' },
    'set tokenrealm': { realm: 'guests' },
  };

  it.each(early)('"%s" changes nothing of it', async (action) => {
    const made = { tokentype: 'hotp', additional_params: { serial: 'NEW' } };
    const scenario = {
      ...people,
      tokengroups: ['g1'],
      definitions: [
        { id: 1, event: 'login', action: 'enroll', options: made },
        { id: 2, event: 'early', action, options: OPTIONS[action] ?? {} },
      ],
      events: [event('e1', {}), { ...event('e0', { serial: 'NEW' }, '2026-03-15T10:20:00Z'), 'detail-type': 'early' }],
    };
    const { outcomes, tokens } = await runScenario(await readScenario(scenario, NOW));
    expect(outcomes).toMatchObject([{ status: 'done' }, { status: 'skipped', reason: { code: 'superseded' } }]);
    expect(tokens).toMatchObject([{ serial: 'NEW', active: true, description: '', realms: [], tokengroups: [] }]);
    expect(tokens[0]?.info).not.toHaveProperty('n');
  });
});

describe('over a token that was deleted', () => {
  const scenario = (making: string, deleting: string) => ({
    definitions: [
      {
        id: 1,
        event: 'login',
        action: 'enroll',
        options: { tokentype: 'hotp', additional_params: { serial: 'MINE' } },
      },
      { id: 2, event: 'gone', action: 'delete' },
    ],
    tokens: [{ serial: 'MINE', tokentype: 'totp' }],
    events: [{ ...event('e0', { serial: 'MINE' }, deleting), 'detail-type': 'gone' }, event('e1', {}, making)],
  });
  const play = async (making: string, deleting: string) =>
    runScenario(await readScenario(scenario(making, deleting), NOW));

  it('a younger event creates a token', async () => {
    const { outcomes, tokens } = await play('2026-03-15T10:20:30Z', '2026-03-15T10:20:00Z');
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(tokens).toMatchObject([{ serial: 'MINE', tokentype: 'hotp' }]);
  });

  it('an older one creates none', async () => {
    const { outcomes, tokens } = await play('2026-03-15T10:20:00Z', '2026-03-15T10:20:30Z');
    expect(outcomes[1]).toMatchObject({ status: 'failed', serial: null, reason: { code: 'token_exists' } });
    expect(tokens).toEqual([]);
  });
});

describe('the first token of a user', () => {
  const first: Given = { options: { tokentype: 'email', user: true }, conditions: { user_token_number: '0' } };

  it('creates one token, also if its event is delivered again', async () => {
    const { outcomes, tokens } = await play(first, { copies: 4, seed: 3 });
    expect(tokens).toMatchObject([{ tokentype: 'email', user: aboutAda, info: { email: 'ada@example.org' } }]);
    expect(outcomes.map(({ status }) => status)).toEqual(['done']);
  });

  it('is one if two events come at once: the second counts it', async () => {
    const events = [event('e1', { user: aboutAda }), event('e2', { user: aboutAda })];
    const { outcomes, tokens } = await play({ ...first, events }, { copies: 1, seed: 2 });
    expect(tokens).toHaveLength(1);
    const skipped = outcomes.filter(({ status }) => status === 'skipped');
    for (const { reason } of skipped) expect(reason).toMatchObject({ condition: 'user_token_number', saw: 1 });
    expect(outcomes.filter(({ status }) => status === 'done')).toHaveLength(1);
  });
});

describe('containers', () => {
  const containers = [{ serial: 'SMPH1', tokens: ['OLD'] }];
  const tokens = [{ serial: 'OLD', tokentype: 'hotp' }];
  const given = { options: { tokentype: 'hotp', container: true }, containers, tokens };

  it('uses the container of the request, and fails if it does not exist', async () => {
    const { outcomes } = await play({ ...given, events: [event('e1', { request: { container_serial: 'NONE' } })] });
    expect(outcomes).toMatchObject([{ status: 'failed', serial: null, reason: { code: 'unknown_container' } }]);
  });

  it("puts the token into the container of the event's token, where a condition on it finds it", async () => {
    const definitions = [
      {
        id: 1,
        event: 'lost',
        action: 'enroll',
        options: { tokentype: 'hotp', container: '1', additional_params: { serial: 'NEW' } },
      },
      { id: 2, event: 'login', action: 'disable', conditions: { token_is_in_container: 'True' } },
    ];
    const events = [
      { ...event('e1', { serial: 'OLD' }), 'detail-type': 'lost' },
      event('e2', { serial: 'NEW' }, '2026-03-15T10:20:31Z'),
    ];
    const result = await runScenario(await readScenario({ ...people, containers, tokens, definitions, events }, NOW));
    expect(result.tokens.find(({ serial }) => serial === 'NEW')).toMatchObject({ active: false });
  });
});

describe('a definition that is refused when it is saved', () => {
  it.each([
    [{ tokentype: 'hotp', additional_params: { hashlob: 'sha1' } }, 'options.additional_params.hashlob'],
    [{ tokentype: 'motp', user: true }, 'options.motppin'],
    [{ tokentype: 'totp', additional_params: { genkey: 0 } }, 'options.additional_params.otpkey'],
    [{ tokentype: 'totp', additional_params: { genkey: 1, otpkey: '31323334' } }, 'options.additional_params.otpkey'],
    [{ tokentype: 'pw', additional_params: { genkey: 1, otpkey: 'mine' } }, 'options.additional_params.otpkey'],
    [{ tokentype: 'totp', additional_params: { otpkey: '123' } }, 'options.additional_params.otpkey'],
    [{ tokentype: 'hotp', additional_params: { otplen: 12 } }, 'options.additional_params.otplen'],
    [{ tokentype: 'applspec' }, 'options.additional_params.service_id'],
    [{ tokentype: 'fido' }, 'options.tokentype'],
    [{ tokentype: 'hotp', additional_params: 'a:1, b:2' }, 'options.additional_params'],
  ])('%j', async (options, path) => {
    expect((await refusal(options)).map((line) => line.split(': ')[0])).toEqual([`definitions[0].${path}`]);
  });

  it('does not repeat a refused key in its message', async () => {
    expect((await refusal({ tokentype: 'totp', additional_params: { otpkey: 'geheim' } })).join()).not.toContain(
      'geheim',
    );
  });
});

describe('attach application', () => {
  it('keeps the application that is attached last under a name and a machine, and shows all of them', async () => {
    const attach = (id: number, options: object) => ({
      id,
      ordering: id,
      event: 'login',
      action: 'attach application',
      options,
    });
    const result = await runScenario(
      await readScenario(
        {
          tokens: [{ serial: 'T', tokentype: 'hotp' }],
          definitions: [
            attach(1, { application: 'offline', count: '12' }),
            attach(2, { application: 'ssh', service_id: 'web', user: 'root', 'machine ID': '42' }),
            attach(3, { application: 'offline', count: 20, rounds: 1000 }),
          ],
          events: [event('e1', { serial: 'T' })],
        },
        NOW,
      ),
    );
    expect(result.tokens[0]?.applications).toEqual([
      { application: 'offline', count: '20', rounds: '1000' },
      { application: 'ssh', 'machine ID': '42', service_id: 'web', user: 'root' },
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenwrightError } from '../../lib/base/error.ts';
import type { TagContext } from '../../lib/text/tag.ts';
import { cutDescription, MAX_DESCRIPTION, parseTemplate, renderTemplate } from '../../lib/text/tags.ts';
import { browserName } from '../../lib/text/user-agent.ts';
import vectors from '../vectors/tags.json' with { type: 'json' };

const CONTEXT: TagContext = {
  now: Date.parse('2026-03-15T10:20:30Z'),
  timezone: 'UTC',
  client_ip: '10.0.0.1',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0',
  username: 'cornelius',
  realm: 'realm1',
  browserName,
};

function render(text: string, context: Partial<TagContext> = {}): string {
  return renderTemplate(parseTemplate(text), { ...CONTEXT, ...context });
}

function refusal(run: () => unknown): TokenwrightError {
  try {
    run();
  } catch (error) {
    if (error instanceof TokenwrightError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the vectors of tags', () => {
  const accepted = vectors.filter((row) => row.refused !== true);
  const described = accepted.filter((row) => row.description !== undefined);
  const refused = vectors.filter((row) => row.refused === true);

  it('are of all kinds', () => {
    expect([accepted.length, described.length, refused.length]).toEqual([57, 55, 33]);
  });

  it.each(accepted)('$id: tokeninfo of $in', ({ in: text, tokeninfo }) => {
    expect(render(text)).toBe(tokeninfo);
  });

  it.each(described)('$id: description of $in', ({ in: text, description }) => {
    expect(cutDescription(render(text))).toBe(description);
  });

  it.each(refused)('$id: refuses $in', ({ in: text }) => {
    expect(refusal(() => parseTemplate(text)).code).toBe('bad_tag');
  });
});

describe('{now}', () => {
  it.each([
    ['is shown in the stack zone', '{now}', '2026-03-28T01:30:00Z', '2026-03-28 02:30:00.000000+0100'],
    ['has the milliseconds of the event', '{now}', '2026-03-28T01:30:00.250Z', '2026-03-28 02:30:00.250000+0100'],
    ['days keep the clock time', '{now}+2d', '2026-03-28T01:30:00Z', '2026-03-30 02:30:00.000000+0200'],
    ['hours are elapsed time', '{now}+48h', '2026-03-28T01:30:00Z', '2026-03-30 03:30:00.000000+0200'],
    ['goes back over a change', '{current_time}-2d', '2026-03-30T00:30:00Z', '2026-03-28 02:30:00.000000+0100'],
    ['has no ASCII digits, no offset', '{now}+٥d', '2026-01-01T00:00:00Z', '2026-01-01 01:00:00.000000+0100+٥d'],
    ['stands before a literal brace', '{now}+1h}}', '2026-01-01T00:00:00Z', '2026-01-01 02:00:00.000000+0100}'],
  ])('%s: %s', (_name, text, now, expected) => {
    expect(render(text, { now: Date.parse(now), timezone: 'Europe/Berlin' })).toBe(expected);
  });

  it.each([
    ['{now}+2900000d', '9966-02-18 10:20:30.000000+0000'],
    ['{now}+250560000000s', '9966-02-18 10:20:30.000000+0000'],
    ['{now}-739689d', '0001-01-01 10:20:30.000000+0000'],
  ])('reaches as far as %s', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it.each([
    '{now}+2900001d',
    '{now}+250560000001s',
    '{now}-739690d',
    '{now}-17752537h',
    `{now}+${'9'.repeat(400)}s`,
    `{now}-${'9'.repeat(400)}m`,
  ])('does not reach as far as %s', (text) => {
    expect(refusal(() => parseTemplate(text))).toMatchObject({
      code: 'bad_tag',
      details: { allowed: 'at most 2900000 days ahead, back to year 1' },
    });
  });

  it('refuses at the event what no four digits can say', () => {
    const early = { now: Date.parse('2026-03-14T10:20:30Z') };
    const late = { now: Date.parse('2061-01-01T00:00:00Z') };
    expect(refusal(() => render('{now}-739689d', early)).code).toBe('bad_tag');
    expect(refusal(() => render('{now}+2900000d', late)).message).toBe('"{now}+2900000d" is out of range');
  });
});

describe('a text tag', () => {
  it.each(['client_ip', 'ua_browser', 'ua_string', 'username', 'realm'])(
    '{%s} is N/A in an event without it',
    (tag) => {
      const silent = { client_ip: undefined, user_agent: null, username: '', realm: null };
      expect(render(`<{${tag}}>`, silent)).toBe('<N/A>');
    },
  );

  it('{ua_browser} is N/A where the user agent names no known browser', () => {
    expect(render('{ua_browser} {ua_string}', { user_agent: 'Mozilla/5.0' })).toBe('N/A Mozilla/5.0');
  });

  it('is not looked for in what another one printed', () => {
    expect(render('{ua_string}', { user_agent: '{now}+5d {{' })).toBe('{now}+5d {{');
  });

  it('asks for the browser only where it is wanted', () => {
    const browserName = () => {
      throw new Error('asked');
    };
    expect(render('{ua_string}{client_ip}', { browserName, user_agent: 'x' })).toBe('x10.0.0.1');
  });
});

describe('a refusal', () => {
  it('names the tag and the allowed ones', () => {
    const error = refusal(() => parseTemplate('by {user}'));
    expect(error.message).toBe(
      'an unknown tag: "{user}"; allowed are {now}, {current_time}, {client_ip}, {ua_browser}, {ua_string}, {username}, {realm}',
    );
    expect(error.details.given).toBe('{user}');
    expect(error.details.allowed).toContain('{client_ip}');
  });

  it('says how a brace is written', () => {
    expect(refusal(() => parseTemplate('a } b')).message).toMatch('a single brace (a literal brace is written "}}")');
  });

  it.each(['{}', '{__proto__}', '{constructor}', '{client_ip.__class__}', '{now}}', '{{{', '{\n}', '{client_ip }'])(
    'meets %s',
    (text) => {
      expect(refusal(() => parseTemplate(text)).code).toBe('bad_tag');
    },
  );

  it('stays short where the text is long', () => {
    expect(refusal(() => parseTemplate(`{${'x'.repeat(100_000)}}`)).message.length).toBeLessThan(300);
  });
});

describe('a template says what it needs', () => {
  it.each([
    ['plain {{now}}', false, []],
    ['{now}+5d', true, []],
    ['{client_ip}', true, ['client_ip']],
    ['{ua_browser}{ua_string}', true, ['user_agent']],
    ['{username} in {realm} from {client_ip}', true, ['user', 'client_ip']],
  ])('%s', (text, hasTags, needs) => {
    const template = parseTemplate(text);
    expect([template.hasTags, [...template.needs]]).toEqual([hasTags, needs]);
  });
});

describe('cutDescription', () => {
  it.each([
    ['80 letters stay', 'x'.repeat(80), 'x'.repeat(80)],
    ['81 are cut', 'x'.repeat(81), 'x'.repeat(80)],
    ['80 characters of two units stay', '😀'.repeat(80), '😀'.repeat(80)],
    ['81 of them are cut', '😀'.repeat(81), '😀'.repeat(80)],
    ['letters before them count the same', `x${'😀'.repeat(80)}`, `x${'😀'.repeat(79)}`],
  ])('%s', (_name, text, expected) => {
    expect(cutDescription(text)).toBe(expected);
  });

  it('leaves the first 80 code points of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect([...cutDescription(text)]).toEqual([...text].slice(0, MAX_DESCRIPTION));
      }),
    );
  });
});

describe('for every text', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 60 });

  it('without braces it renders to itself', () => {
    fc.assert(
      fc.property(
        anyText.map((text) => text.replaceAll(/[{}]/g, '')),
        (text) => {
          expect(render(text)).toBe(text);
          expect(parseTemplate(text).hasTags).toBe(false);
        },
      ),
    );
  });

  it('with its braces doubled it renders to itself', () => {
    const braced = fc.string({ unit: fc.constantFrom('{', '}', 'now', '+5d', 'x', '日') });
    fc.assert(
      fc.property(fc.oneof(anyText, braced), (text) => {
        expect(render(text.replaceAll(/[{}]/g, '$&$&'))).toBe(text);
      }),
    );
  });

  it('it is a template or refused as bad_tag', () => {
    const likely = fc.string({
      unit: fc.constantFrom('{', '}', '{now}', '{realm}', 'now', '+', '-', '5', '99999999', 'd', 's'),
    });
    fc.assert(
      fc.property(fc.oneof(anyText, likely), (text) => {
        try {
          expect(typeof render(text)).toBe('string');
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_tag' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['tags', '{realm}'.repeat(20_000)],
    ['doubled braces', '{{'.repeat(100_000)],
    ['digits', `{now}+${'1'.repeat(200_000)}`],
    ['times without a unit', '{now}+11111'.repeat(2_000)],
  ])('a long one of %s is rendered at once', (_name, text) => {
    const begin = performance.now();
    render(text);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});

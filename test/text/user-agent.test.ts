import fc from 'fast-check';
import { expect, it } from 'vitest';
import { browserName } from '../../lib/text/user-agent.ts';

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';

it.each([
  ['firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0'],
  ['firefox', `${IPHONE} FxiOS/114.0 Mobile/15E148 Safari/605.1.15`],
  ['chrome', `${WINDOWS} Chrome/120.0.0.0 Safari/537.36`],
  ['chrome', `${IPHONE} CriOS/120.0 Mobile/15E148 Safari/604.1`],
  ['edge', `${WINDOWS} Chrome/120.0.0.0 Safari/537.36 Edg/120.0`],
  ['opera', `${WINDOWS} Chrome/120.0.0.0 Safari/537.36 OPR/106.0.0.0`],
  ['safari', `${IPHONE} Version/17.2 Mobile/15E148 Safari/604.1`],
  ['ie', 'Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko'],
  ['opera', `${IPHONE} Version/17.4 Mobile/15E148 Safari/604.1 OPT/4.5.0`],
  ['curl', 'curl/8.5.0'],
  ['privacyidea-cp', 'privacyidea-cp/3.6 Windows'],
  ['privacyIDEA-Keycloak', 'privacyIDEA-Keycloak/1.4.1'],
  ['PrivacyIDEA-ADFS', 'PrivacyIDEA-ADFS/1.2.0 Windows NT 10.0'],
  ['privacyIDEA-App', 'privacyIDEA-App/4.6.1 (android)'],
])('knows %s in %s', (family, userAgent) => {
  expect(browserName(userAgent)).toBe(family);
});

it.each(['', ' ', '/', 'Mozilla/5.0', 'constructor', 'curl 8'])('knows no browser in "%s"', (userAgent) => {
  expect(browserName(userAgent)).toBeNull();
});

it('answers for any header', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (userAgent) => {
      const name = browserName(userAgent);
      if (name !== null) expect(name).toMatch(/^[\w.-]+$/);
    }),
  );
});

it.each(['a/', ' /', '/ ', 'Mozilla/5.0 '])(
  'answers at once for the longest header an event can hold, of "%s"',
  (part) => {
    const longest = 256 * 1024;
    const begin = performance.now();
    browserName(part.repeat(longest / part.length));
    expect(performance.now() - begin).toBeLessThan(5_000);
  },
);

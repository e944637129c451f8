/**
 * Finds the browser or other client of a User-Agent, for `{ua_browser}`. It needs `bowser` (34 KB), so the functions import
 * this file only for a text with that tag.
 */
import * as bowser from 'bowser';

/** Short lower-case names of browsers: `Microsoft Edge` -> `edge`. */
const families: ReadonlyMap<string, string> = new Map(
  Object.entries(bowser.BROWSER_MAP).map(([family, name]) => [name, family]),
);

/** Matches clients that are not browsers, which begin with their own name: `privacyIDEA-Keycloak/1.4.1`, `curl/8.5.0`. */
const CLIENT = /^(?!Mozilla\/|Opera\/)[A-Za-z0-9][\w.-]{0,99}(?=\/)/;

/**
 * Returns the lower-case family of a browser (`firefox`, `chrome`, `safari`, `edge`, `opera`, `ie`), or the name of another
 * client; null if the text names neither.
 */
export function browserName(userAgent: string): string | null {
  const [client] = CLIENT.exec(userAgent) ?? [];
  if (client !== undefined) return client;
  if (!/^(Mozilla|Opera)\//.test(userAgent)) return null;
  const { name = '' } = bowser.parse(userAgent).browser;
  // A variant such as "Opera Touch" belongs to the family of its first word.
  return families.get(name) ?? families.get(name.split(' ')[0] ?? '') ?? null;
}

/**
 * Which browser or other client a User-Agent names, for `{ua_browser}`. In a file of its own because it brings
 * `bowser` (34 KB) along: the functions import it only when a text asks for it.
 */
import * as bowser from 'bowser';

/** `Microsoft Edge` -> `edge`: the short lower-case name of every browser known. */
const families: ReadonlyMap<string, string> = new Map(
  Object.entries(bowser.BROWSER_MAP).map(([family, name]) => [name, family]),
);

/** What is no browser names itself first: `privacyIDEA-Keycloak/1.4.1`, `curl/8.5.0`. */
const CLIENT = /^(?!Mozilla\/|Opera\/)[A-Za-z0-9][\w.-]{0,99}(?=\/)/;

/**
 * The lower-case family of a browser (`firefox`, `chrome`, `safari`, `edge`, `opera`, `ie`), or the name of another client.
 * @returns `null` where the text names neither
 */
export function browserName(userAgent: string): string | null {
  const [client] = CLIENT.exec(userAgent) ?? [];
  if (client !== undefined) return client;
  if (!/^(Mozilla|Opera)\//.test(userAgent)) return null;
  const { name = '' } = bowser.parse(userAgent).browser;
  // A variant such as "Opera Touch" belongs to the family of its first word.
  return families.get(name) ?? families.get(name.split(' ')[0] ?? '') ?? null;
}

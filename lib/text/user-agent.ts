/**
 * Which browser a User-Agent names, for `{ua_browser}`. In a file of its own because it brings
 * `bowser` (34 KB) along: the functions import it only when a text asks for it.
 */
import * as bowser from 'bowser';

/** `Microsoft Edge` -> `edge`: the short lower-case name of every browser known. */
const families: ReadonlyMap<string, string> = new Map(
  Object.entries(bowser.BROWSER_MAP).map(([family, name]) => [name, family]),
);

/**
 * The lower-case family (`firefox`, `chrome`, `safari`, `edge`, `opera`, `ie`).
 * @returns `null` where the text names no known browser (`curl/8.5.0`)
 */
export function browserName(userAgent: string): string | null {
  if (userAgent === '') return null;
  const { name } = bowser.parse(userAgent).browser;
  return (name !== undefined && families.get(name)) || null;
}

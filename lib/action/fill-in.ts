/** Texts with tags, as they read in a step. */
import type { BrowserName } from '../text/tag.ts';
import { renderTemplate, type Template, usesTag } from '../text/tags.ts';
import type { ActionContext } from './action.ts';

/** Loads the parser of User-Agents where a text asks for it: 35 KB that no other cold start pays. */
export async function browserNamesFor(template: Template | undefined): Promise<BrowserName> {
  if (!template || !usesTag(template, 'ua_browser')) return () => null;
  return (await import('../text/user-agent.ts')).browserName;
}

/** The text for a step. @throws TokenwrightError `bad_tag` where a time leaves the years 1 to 9999 */
export function fillIn(template: Template, { user, ...context }: ActionContext, browserName: BrowserName): string {
  return renderTemplate(template, { ...context, username: user?.login, realm: user?.realm, browserName });
}

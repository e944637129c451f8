/** What the tags of a text stand for in a step. */
import { browserName } from '../text/user-agent.ts';
import type { ActionContext } from './action.ts';

/** Without a context: what a text without tags needs, nothing. */
export function tagValues(context?: ActionContext) {
  return {
    now: context?.now ?? 0,
    timezone: context?.timezone ?? 'UTC',
    client_ip: context?.client_ip,
    user_agent: context?.user_agent,
    username: context?.user?.login,
    realm: context?.user?.realm,
    browserName,
  };
}

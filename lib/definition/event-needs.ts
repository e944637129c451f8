/** Tells which parts of the event the step of a definition needs: its slip carries these and nothing else. */
import type { Clause } from '../condition/clause.ts';
import { readFlag } from '../schema/flag.ts';
import type { Definition } from './definition.ts';

export interface EventNeeds {
  readonly client_ip: boolean;
  readonly user_agent: boolean;
  readonly user: boolean;
  readonly container: boolean;
}

const USER_NEEDS: readonly string[] = ['user', 'attributes', 'user_tokens', 'user_containers'];

/** Reads them from the clauses and from the tags in the options, since dispatch knows the options of no action. */
export function eventNeedsOf(
  definition: Pick<Definition, 'options' | 'target'>,
  clauses: readonly Clause[],
): EventNeeds {
  const texts = Object.values(definition.options).filter((value) => typeof value === 'string');
  const tagged = (tag: string): boolean => texts.some((text) => text.includes(tag));
  return {
    client_ip: tagged('{client_ip}'),
    user_agent: tagged('{ua_'),
    user:
      tagged('{username}') ||
      tagged('{realm}') ||
      readFlag(definition.options.user) === true ||
      definition.target === 'user' ||
      clauses.some(({ needs }) => needs.some((need) => USER_NEEDS.includes(need))),
    container: readFlag(definition.options.container) === true,
  };
}

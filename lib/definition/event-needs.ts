/** Finds the parts of an event that a definition's step needs: its slip carries only these. */
import { isObject } from '../base/object.ts';
import type { Clause } from '../condition/clause.ts';
import { readFlag } from '../schema/scalar.ts';
import type { Definition } from './definition.ts';
import { isSealed } from './sealed-options.ts';

export interface EventNeeds {
  readonly client_ip: boolean;
  readonly user_agent: boolean;
  readonly user: boolean;
  readonly container: boolean;
}

const USER_NEEDS: readonly string[] = ['user', 'attributes', 'user_tokens', 'user_containers'];

/**
 * Reads the needs from the clauses and from the tags in the options, the same for all actions. A sealed option may hold
 * any tag, since dispatch cannot open it.
 */
export function eventNeedsOf(
  definition: Pick<Definition, 'options' | 'target'>,
  clauses: readonly Clause[],
): EventNeeds {
  const texts = Object.values(definition.options).flatMap(textsOf);
  const isSealedWhole = isSealed(definition.options.additional_params);
  const tagged = (tag: string): boolean => isSealedWhole || texts.some((text) => text.includes(tag));
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

/** Returns the texts in an option, or in the dictionary that it is. */
function textsOf(option: unknown): string[] {
  if (typeof option === 'string') return [option];
  return isObject(option) ? Object.values(option).filter((value) => typeof value === 'string') : [];
}

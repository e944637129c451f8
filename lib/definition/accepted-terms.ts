/**
 * The words of an event (`lib/condition/index-terms.ts`) with which a stored definition may match, read from its conditions
 * before it is compiled. What cannot be read rules nothing out: such a definition is found, compiled, and reported.
 */

import { TokenwrightError } from '../base/error.ts';
import { findCondition } from '../condition/catalogue.ts';
import { type Facet, NESTED_FACETS } from '../condition/index-terms.ts';
import { normaliseConditionValue } from '../condition/value.ts';
import { uncheckedFields } from './header.ts';
import type { StoredDefinition } from './store.ts';

/** The names of the conditions of some definitions. */
export function conditionNames(definitions: readonly StoredDefinition[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { body } of definitions) {
    const { conditions } = uncheckedFields(body);
    // All objects of a list have to hold.
    for (const group of Array.isArray(conditions) ? conditions : [conditions]) {
      for (const name of Object.keys(uncheckedFields(group))) names.add(name);
    }
  }
  return names;
}

/** The words of one facet with which all conditions on it can hold; `null` where they rule nothing out. */
export function acceptedWords(body: unknown, facet: Facet): readonly string[] | null {
  const { conditions } = uncheckedFields(body);
  if (!Array.isArray(conditions)) return wordsOf(facet, uncheckedFields(conditions)[facet]);
  const lists = conditions
    .map((group) => wordsOf(facet, uncheckedFields(group)[facet]))
    .filter((words) => words !== null);
  return lists.length === 0 ? null : lists.reduce((some, others) => both(facet, some, others));
}

/** Of two networks, one may be in the other: then the first list alone rules out, and no address that is in both. */
function both(facet: Facet, some: readonly string[], others: readonly string[]): readonly string[] {
  return NESTED_FACETS.includes(facet) ? some : some.filter((one) => others.includes(one));
}

/** `null`: there is no value, or none that can be read. */
function wordsOf(facet: Facet, value: unknown): readonly string[] | null {
  if (value === undefined) return null;
  try {
    const words = Array.isArray(value) ? value.flatMap((one) => acceptedBy(facet, one)) : acceptedBy(facet, value);
    return words.length === 0 ? null : words;
  } catch (error) {
    if (error instanceof TokenwrightError) return null;
    throw error;
  }
}

function acceptedBy(facet: Facet, value: unknown): readonly string[] {
  return findCondition(facet)?.accepts?.(normaliseConditionValue(value)) ?? [];
}

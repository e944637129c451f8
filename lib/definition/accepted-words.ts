/**
 * The words of an event (`lib/condition/facet.ts`) with which a stored definition may match, read from its conditions
 * before it is compiled. What cannot be read rules nothing out: such a definition is found, compiled, and reported.
 */
import { findCondition } from '../condition/catalogue.ts';
import { type AcceptedWords, FACETS, type Facet, NESTED_FACETS } from '../condition/facet.ts';
import { normaliseConditionValue } from '../condition/value.ts';
import { TokenwrightError } from '../error.ts';
import { uncheckedFields } from './header.ts';

/** A definition that accepts more combinations of words than these is looked up by fewer facets. */
const MOST_COMBINATIONS = 64;

/** The words with which all conditions can hold, of as many facets as make a bounded number of combinations. */
export function acceptedWords(body: unknown): AcceptedWords {
  const { conditions } = uncheckedFields(body);
  const accepted: Partial<Record<Facet, readonly string[]>> = {};
  for (const group of Array.isArray(conditions) ? conditions : [conditions]) {
    const fields = uncheckedFields(group);
    for (const facet of FACETS) {
      const words = fields[facet] === undefined ? null : wordsOf(facet, fields[facet]);
      if (words !== null) accepted[facet] = both(facet, accepted[facet], words);
    }
  }
  return bounded(accepted);
}

/** Of two networks, one may be in the other: then the first list alone rules out, and no address that is in both. */
function both(facet: Facet, before: readonly string[] | undefined, words: readonly string[]): readonly string[] {
  if (before === undefined) return words;
  return NESTED_FACETS.includes(facet) ? before : before.filter((one) => words.includes(one));
}

/** `null`: the value cannot be read. */
function wordsOf(facet: Facet, value: unknown): readonly string[] | null {
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

function bounded(accepted: AcceptedWords): AcceptedWords {
  const count = (facet: Facet) => accepted[facet]?.length ?? 1;
  if (FACETS.reduce((product, facet) => product * count(facet), 1) <= MOST_COMBINATIONS) return accepted;
  const kept: Partial<Record<Facet, readonly string[]>> = {};
  let combinations = 1;
  for (const facet of FACETS.filter((one) => accepted[one] !== undefined).sort((a, b) => count(a) - count(b))) {
    combinations *= count(facet);
    if (combinations <= MOST_COMBINATIONS) kept[facet] = accepted[facet];
  }
  return kept;
}

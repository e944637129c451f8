/**
 * Reads the terms (`lib/condition/index-terms.ts`) with which a stored definition may match, from its conditions and
 * before it is compiled. A condition that cannot be read rules nothing out: the definition is found, compiled, reported.
 */

import { TokenwrightError } from '../base/error.ts';
import { findCondition } from '../condition/catalogue.ts';
import { NESTED_FIELDS, type TermField } from '../condition/index-terms.ts';
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

/** The terms of one field with which all conditions on it can hold; `null` where they rule nothing out. */
export function acceptedTerms(body: unknown, field: TermField): readonly string[] | null {
  const { conditions } = uncheckedFields(body);
  if (!Array.isArray(conditions)) return termsOf(field, uncheckedFields(conditions)[field]);
  const lists = conditions
    .map((group) => termsOf(field, uncheckedFields(group)[field]))
    .filter((terms) => terms !== null);
  return lists.length === 0 ? null : lists.reduce((some, others) => both(field, some, others));
}

/** Of two networks, one may be in the other: then the first list alone rules out, and no address that is in both. */
function both(field: TermField, some: readonly string[], others: readonly string[]): readonly string[] {
  return NESTED_FIELDS.includes(field) ? some : some.filter((one) => others.includes(one));
}

/** `null`: there is no value, or none that can be read. */
function termsOf(field: TermField, value: unknown): readonly string[] | null {
  if (value === undefined) return null;
  try {
    const terms = Array.isArray(value) ? value.flatMap((one) => acceptedBy(field, one)) : acceptedBy(field, value);
    return terms.length === 0 ? null : terms;
  } catch (error) {
    if (error instanceof TokenwrightError) return null;
    throw error;
  }
}

function acceptedBy(field: TermField, value: unknown): readonly string[] {
  return findCondition(field)?.terms?.(normaliseConditionValue(value)) ?? [];
}

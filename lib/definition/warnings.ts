/**
 * Warns of conditions whose fact can never be known at an event and position, so that the rule for missing facts
 * (`when_missing`) always decides.
 */
import type { CodeAt } from '../base/codes.ts';
import { findCondition } from '../condition/catalogue.ts';
import { writtenConditions } from '../condition/clause.ts';
import type { Condition } from '../condition/condition.ts';
import type { Definition } from './definition.ts';

export interface DefinitionWarning {
  readonly code: CodeAt<'warning'>;
  /** Within the definition, as in `conditions.tokentype`. */
  readonly path: string;
  readonly message: string;
}

type WarningSubject = Pick<Definition, 'event' | 'position' | 'conditions' | 'unless' | 'when_missing' | 'target'>;

/** Returns the warnings about a definition. */
export function warningsOf(definition: WarningSubject): DefinitionWarning[] {
  return writtenConditions(definition).flatMap(({ name, path, negated }) => {
    const condition = findCondition(name);
    if (!condition) return [];
    return definition.event.flatMap((event) => {
      const why = whyNeverKnown(condition, event, definition);
      if (why === null) return [];
      const where = `at "${definition.position}" of ${event}`;
      const message = `${name} can never be known ${where}: ${why}; ${consequence(definition, negated)}`;
      return [{ code: 'never_known', path, message }];
    });
  });
}

/** Returns why a fact can never be known; `null` if it may be. */
function whyNeverKnown(condition: Condition, event: string, { position, target }: WarningSubject): string | null {
  if (position !== 'pre') return null;
  if (condition.readsResponse) return 'there is no response yet';
  const made = CREATED_BY_EVENT[event];
  if (made === undefined || !condition.needs.some((need) => made.facts.includes(need))) return null;
  return target === 'current' || target === 'siblings' ? `the ${made.what} is yet to be made` : null;
}

/** What each of these events creates, and the facts that are therefore not known before it. */
const CREATED_BY_EVENT: Readonly<Record<string, { readonly what: string; readonly facts: readonly string[] }>> = {
  token_init: { what: 'token', facts: ['token', 'serial'] },
  container_init: { what: 'container', facts: ['container'] },
};

function consequence({ when_missing }: WarningSubject, negated: boolean): string {
  if (when_missing === 'fail') return negated ? 'so it never stops the definition' : 'so the definition never acts';
  return `what the manual says of a missing one decides ("when_missing": "fail" would not take it for a match)`;
}

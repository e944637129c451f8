/** Conditions on the event's container: the request's, else the token's. Without one they hold. */

import type { Container } from '../directory/directory.ts';
import { parseInstant } from '../text/date.ts';
import { parseNames, parseText } from './choice.ts';
import { COMPARISON_SYNTAX, parseComparison } from './comparison.ts';
import type { Condition, Facts, Test, Verdict } from './condition.ts';
import { DURATION_SYNTAX, parseDuration } from './duration.ts';
import { badCondition } from './refuse.ts';
import { parseTruth, TRUTH_WORDS } from './truth.ts';
import { decided, missing } from './verdict.ts';

const define = (condition: Pick<Condition, 'name' | 'description' | 'syntax' | 'allowed' | 'parse'>): Condition => ({
  group: 'container',
  needs: ['container'],
  ...condition,
});

const onContainer = (decide: (container: Container, facts: Facts) => Verdict): Test => ({
  needs: ['container'],
  decide: (facts) => (facts.container ? decide(facts.container, facts) : missing()),
});

export const containerConditions: readonly Condition[] = [
  define({
    name: 'container_state',
    description: 'The container has all the states listed, and perhaps more. Holds without a container.',
    syntax: 'states parted by commas, without blanks: active,lost',
    parse(value) {
      const names = parseNames(value);
      return onContainer(({ states }) =>
        decided(
          names.every((name) => states.includes(name)),
          states,
        ),
      );
    },
  }),
  define({
    name: 'container_exact_state',
    description: 'The container has the states listed and no other. Holds without a container.',
    syntax: 'states parted by commas, without blanks: active,lost',
    parse(value) {
      const names = parseNames(value);
      return onContainer(({ states }) => {
        const hasAll = names.every((name) => states.includes(name));
        return decided(hasAll && names.length === states.length, states);
      });
    },
  }),
  define({
    name: 'container_type',
    description: 'The type of the container. Holds without a container.',
    syntax: 'the exact text, as in smartphone',
    parse(value) {
      const wanted = parseText(value);
      return onContainer(({ type }) => decided(type === wanted, type));
    },
  }),
  define({
    name: 'container_has_owner',
    description: 'The container is assigned to somebody. Holds without a container.',
    syntax: 'True or False',
    allowed: TRUTH_WORDS,
    parse(value) {
      const wanted = parseTruth(value);
      return onContainer(({ users }) =>
        decided(
          users.length > 0 === wanted,
          users.map((user) => user.login),
        ),
      );
    },
  }),
  define({
    name: 'container_has_token',
    description: 'The container has at least one token. Holds without a container.',
    syntax: 'True or False',
    allowed: TRUTH_WORDS,
    parse(value) {
      const wanted = parseTruth(value);
      return onContainer(({ tokens }) => decided(tokens.length > 0 === wanted, tokens));
    },
  }),
  define({
    name: 'container_realm',
    description: "One of the container's realms is in the list. Holds for one in no realm, and without a container.",
    syntax: 'realms parted by commas, without blanks',
    parse: (value) => hasOneOf(value, ({ realms }) => realms),
  }),
  define({
    name: 'container_resolver',
    description: "The resolver of one of the container's owners is in the list. Holds without owner or container.",
    syntax: 'resolvers parted by commas, without blanks',
    parse: (value) => hasOneOf(value, ({ users }) => users.map((user) => user.resolver)),
  }),
  define({
    name: 'container_info',
    description:
      "An entry of the container's info compares so. Without the entry it does not hold, without a container it does.",
    syntax: COMPARISON_SYNTAX,
    parse(value) {
      const { key, compare } = parseComparison(value, 'none');
      return onContainer(({ info }, facts) => {
        const seen = Object.hasOwn(info, key) ? info[key] : undefined;
        return seen === undefined ? missing(false) : decided(compare(seen, facts), seen);
      });
    },
  }),
  define({
    name: 'container_last_authentication',
    description: 'The last authentication with the container is more recent. Does not hold for one never used.',
    syntax: DURATION_SYNTAX,
    parse: (value) => isMoreRecent(value, (container) => container.last_authentication),
  }),
  define({
    name: 'container_last_synchronization',
    description: 'The last synchronization of the container is more recent. Does not hold for one never synchronized.',
    syntax: DURATION_SYNTAX,
    parse: (value) => isMoreRecent(value, (container) => container.last_synchronization),
  }),
];

function hasOneOf(value: string, read: (container: Container) => readonly string[]): Test {
  const names = parseNames(value);
  return onContainer((container) => {
    const seen = read(container);
    return seen.length === 0
      ? missing()
      : decided(
          seen.some((name) => names.includes(name)),
          seen,
        );
  });
}

/** More recent, not older: the peer's own description says the contrary of what it does. */
function isMoreRecent(value: string, read: (container: Container) => string | null): Test {
  const span = parseDuration(value);
  return onContainer((container, { now }) => {
    const seen = read(container);
    if (!seen) return missing(false);
    const instant = parseInstant(seen, { timezone: 'UTC' });
    if (instant === null) throw badCondition(`"${seen}" is not a date`, seen, 'a date as in 2026-03-15T10:20:30Z');
    return decided(instant > now - span, seen);
  });
}

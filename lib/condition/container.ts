/** Conditions on the event's container: the one of the request, else the one of the token. Most hold without one. */

import type { Container } from '../directory/directory.ts';
import { parseInstant } from '../text/date.ts';
import { decideComparison } from './comparison.ts';
import {
  badCondition,
  type Condition,
  type ConditionDeclaration,
  decided,
  defineCondition,
  missing,
  type Verdict,
} from './condition.ts';
import { comparison, duration, exactText, names, truth } from './value.ts';

interface OnContainer<T> extends Pick<ConditionDeclaration<T>, 'name' | 'description' | 'value'> {
  decide(wanted: T, container: Container, now: number, timezone: string): Verdict;
}

/** Declares a condition on the container that holds without one. */
const onContainer = <T>({ decide, ...declared }: OnContainer<T>): Condition =>
  defineCondition({
    group: 'container',
    needs: ['container'],
    ...declared,
    decide: (wanted, { container, now, timezone }) =>
      container ? decide(wanted, container, now, timezone) : missing(),
  });

export const containerConditions: readonly Condition[] = [
  onContainer({
    name: 'container_state',
    description: 'The container has all the states listed, and perhaps more. Holds without a container.',
    value: names('states', 'active,lost'),
    decide: (list, { states }) => decided(hasAll(states, list), states),
  }),
  onContainer({
    name: 'container_exact_state',
    description: 'The container has the states listed and no other. Holds without a container.',
    value: names('states', 'active,lost'),
    decide: (list, { states }) => decided(hasAll(states, list) && list.length === states.length, states),
  }),
  onContainer({
    name: 'container_type',
    description: 'The container is of this type. Holds without a container.',
    value: exactText('smartphone'),
    decide: (wanted, { type }) => decided(type === wanted, type),
  }),
  onContainer({
    name: 'container_has_owner',
    description: 'The container is assigned to somebody. Holds without a container.',
    value: truth,
    decide: (wanted, { users }) => {
      const logins = users.map((user) => user.login);
      return decided(users.length > 0 === wanted, logins);
    },
  }),
  onContainer({
    name: 'container_has_token',
    description: 'The container has at least one token. Holds without a container.',
    value: truth,
    decide: (wanted, { tokens }) => decided(tokens.length > 0 === wanted, tokens),
  }),
  onContainer({
    name: 'container_realm',
    description:
      "One of the container's realms is in the list. Holds for a container in no realm, and without a container.",
    value: names('realms'),
    decide: (list, { realms }) => hasOneOf(realms, list),
  }),
  onContainer({
    name: 'container_resolver',
    description:
      "The resolver of one of the container's owners is in the list. Holds without an owner and without a container.",
    value: names('resolvers'),
    decide: (list, { users }) =>
      hasOneOf(
        users.map((user) => user.resolver),
        list,
      ),
  }),
  onContainer({
    name: 'container_info',
    description:
      "An entry of the container's info satisfies the comparison. Does not hold without the entry; holds without a container.",
    value: comparison('none'),
    decide(wanted, { info }, now, timezone) {
      const seen = Object.hasOwn(info, wanted.key) ? info[wanted.key] : undefined;
      return seen === undefined ? missing(false) : decideComparison(wanted, seen, { now, timezone });
    },
  }),
  onContainer({
    name: 'container_last_authentication',
    description:
      'The last authentication with the container is more recent than the duration. Does not hold if there was none.',
    value: duration,
    decide: (span, { last_authentication: seen }, now) => isMoreRecent(seen, span, now),
  }),
  onContainer({
    name: 'container_last_synchronization',
    description:
      'The last synchronization of the container is more recent than the duration. Does not hold if there was none.',
    value: duration,
    decide: (span, { last_synchronization: seen }, now) => isMoreRecent(seen, span, now),
  }),
];

function hasAll(states: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((name) => states.includes(name));
}

function hasOneOf(seen: readonly string[], wanted: readonly string[]): Verdict {
  if (seen.length === 0) return missing();
  return decided(
    seen.some((name) => wanted.includes(name)),
    seen,
  );
}

/** Compares as privacyIDEA does: more recent holds. Its own description says the contrary. */
function isMoreRecent(seen: string | null, span: number, now: number): Verdict {
  if (!seen) return missing(false);
  const instant = parseInstant(seen, { timezone: 'UTC' });
  if (instant === null) throw badCondition(`"${seen}" is not a date`, seen, 'a date as in 2026-03-15T10:20:30Z');
  return decided(instant > now - span, seen);
}

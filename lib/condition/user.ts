/** Conditions on the user of an event. */
import type { User } from '../directory/user.ts';
import { decideComparison } from './comparison.ts';
import { type Condition, decided, defineCondition, missing } from './condition.ts';
import { NO_TERM, term } from './index-terms.ts';
import { comparison, integer, names } from './value.ts';

const ofUser = (name: 'realm' | 'resolver', description: string) =>
  defineCondition({
    name,
    group: 'user',
    description,
    value: names(`${name}s`),
    needs: ['user'],
    hasOneValue: true,
    // The empty name holds if there is no user.
    terms: (list) => (list.includes('') ? [...list.map(term), NO_TERM] : list.map(term)),
    decide: (list, { user }) => (user ? decided(list.includes(user[name]), user[name]) : missing(list.includes(''))),
  });

const userInfo = defineCondition({
  name: 'user_info',
  group: 'user',
  description:
    'An attribute of the user satisfies the comparison. Does not hold without a user or without the attribute.',
  value: comparison('kept'),
  needs: ['attributes'],
  decide(wanted, facts) {
    const seen = facts.attributes ? readAttribute(facts.attributes, wanted.key) : undefined;
    return seen === undefined ? missing(false) : decideComparison(wanted, seen, facts);
  },
});

const userTokenNumber = defineCondition({
  name: 'user_token_number',
  group: 'user',
  description: 'How many tokens the user has. Holds without a user.',
  value: integer,
  needs: ['user_tokens'],
  decide: (compare, { user_tokens: tokens }) => (tokens ? decided(compare(tokens.length), tokens.length) : missing()),
});

const userContainerNumber = defineCondition({
  name: 'user_container_number',
  group: 'user',
  description: 'How many containers the user has. Holds without a user.',
  value: integer,
  needs: ['user_containers'],
  decide: (compare, { user_containers: count }) => (count == null ? missing() : decided(compare(count), count)),
});

export const userConditions: readonly Condition[] = [
  ofUser('realm', "The user's realm is in the list. Without a user it holds only where the list has an empty name."),
  ofUser(
    'resolver',
    "The user's resolver is in the list. Without a user it holds only where the list has an empty name.",
  ),
  userInfo,
  userTokenNumber,
  userContainerNumber,
];

/** Reads an attribute of the directory, or one of those that every user has. */
function readAttribute(user: User, key: string): string | undefined {
  if (Object.hasOwn(user.attributes, key)) return user.attributes[key];
  if (key === 'username' || key === 'login') return user.login;
  if (key === 'userid' || key === 'uid') return user.uid;
  if (key === 'realm') return user.realm;
  return key === 'resolver' ? user.resolver : undefined;
}

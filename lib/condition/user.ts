/** Conditions on the user an event is about (DESIGN section 2 says who that is). */
import type { User } from '../directory/user.ts';
import { parseNames } from './choice.ts';
import { COMPARISON_SYNTAX_NOW, parseComparison } from './comparison.ts';
import type { Condition } from './condition.ts';
import { NO_TERM, term } from './index-terms.ts';
import { INTEGER_SYNTAX, parseIntegerComparison } from './integer-comparison.ts';
import { decided, missing } from './verdict.ts';

const realm: Condition = {
  name: 'realm',
  group: 'user',
  description: "The user's realm is in the list. Without a user it holds only where the list has an empty name.",
  syntax: 'realms parted by commas, without blanks',
  needs: ['user'],
  accepts: acceptedNames,
  parse(value) {
    const names = parseNames(value);
    return {
      needs: ['user'],
      decide: ({ user }) => (user ? decided(names.includes(user.realm), user.realm) : missing(names.includes(''))),
    };
  },
};

const resolver: Condition = {
  name: 'resolver',
  group: 'user',
  description: "The user's resolver is in the list. Without a user it holds only where the list has an empty name.",
  syntax: 'resolvers parted by commas, without blanks',
  needs: ['user'],
  accepts: acceptedNames,
  parse(value) {
    const names = parseNames(value);
    return {
      needs: ['user'],
      decide: ({ user }) =>
        user ? decided(names.includes(user.resolver), user.resolver) : missing(names.includes('')),
    };
  },
};

const userInfo: Condition = {
  name: 'user_info',
  group: 'user',
  description: 'An attribute of the user compares so. Without a user, or without the attribute, it does not hold.',
  syntax: COMPARISON_SYNTAX_NOW,
  needs: ['attributes'],
  parse(value) {
    const { key, compare } = parseComparison(value, 'kept');
    return {
      needs: ['attributes'],
      decide(facts) {
        const seen = facts.attributes ? readAttribute(facts.attributes, key) : undefined;
        return seen === undefined ? missing(false) : decided(compare(seen, facts), seen);
      },
    };
  },
};

const userTokenNumber: Condition = {
  name: 'user_token_number',
  group: 'user',
  description: 'How many tokens the user has. Holds without a user.',
  syntax: INTEGER_SYNTAX,
  needs: ['user_tokens'],
  parse(value) {
    const compare = parseIntegerComparison(value);
    return {
      needs: ['user_tokens'],
      decide: ({ user_tokens: tokens }) => (tokens ? decided(compare(tokens.length), tokens.length) : missing()),
    };
  },
};

const userContainerNumber: Condition = {
  name: 'user_container_number',
  group: 'user',
  description: 'How many containers the user has. Holds without a user.',
  syntax: INTEGER_SYNTAX,
  needs: ['user_containers'],
  parse(value) {
    const compare = parseIntegerComparison(value);
    return {
      needs: ['user_containers'],
      decide: ({ user_containers: count }) => (count == null ? missing() : decided(compare(count), count)),
    };
  },
};

export const userConditions: readonly Condition[] = [realm, resolver, userInfo, userTokenNumber, userContainerNumber];

/** The empty name holds where there is no user. */
function acceptedNames(value: string): readonly string[] {
  const names = parseNames(value);
  return names.includes('') ? [...names.map(term), NO_TERM] : names.map(term);
}

/** An attribute of the directory, or one of the names that every user has. */
function readAttribute(user: User, key: string): string | undefined {
  if (Object.hasOwn(user.attributes, key)) return user.attributes[key];
  if (key === 'username' || key === 'login') return user.login;
  if (key === 'userid' || key === 'uid') return user.uid;
  if (key === 'realm') return user.realm;
  return key === 'resolver' ? user.resolver : undefined;
}

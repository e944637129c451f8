/** Conditions on the token. By the manual, each of them holds without a token. */
import { isLocked, type Token } from '../token/token.ts';
import { decideComparison } from './comparison.ts';
import { type Condition, decided, defineCondition, type Facts, missing, type Verdict } from './condition.ts';
import { comparison, expression, names, truth } from './value.ts';

/** Evaluates a condition on the token; it holds without one. */
export const onToken =
  <T>(decide: (wanted: T, token: Token, facts: Facts) => Verdict) =>
  (wanted: T, facts: Facts): Verdict =>
    facts.token ? decide(wanted, facts.token, facts) : missing();

const tokentype = defineCondition({
  name: 'tokentype',
  group: 'token',
  description: "The token's type is in the list. Holds without a token.",
  value: names('types', 'totp,hotp'),
  needs: ['token'],
  hasOneValue: true,
  decide: onToken((list, { tokentype: type }) => decided(list.includes(type), type)),
});

const tokenrealm = defineCondition({
  name: 'tokenrealm',
  group: 'token',
  description: "One of the token's realms is in the list. Holds for a token in no realm, and without a token.",
  value: names('realms'),
  needs: ['token'],
  decide: onToken((list, { realms }) => (realms.length === 0 ? missing() : decided(hasCommon(list, realms), realms))),
});

const tokenresolver = defineCondition({
  name: 'tokenresolver',
  group: 'token',
  description:
    "A resolver of one of the token's realms is in the list. Holds if there is no resolver, and without a token.",
  value: names('resolvers'),
  needs: ['token', 'realms'],
  decide: onToken((list, token, { realms = {} }) => {
    const resolvers = token.realms.flatMap((name) => (Object.hasOwn(realms, name) ? (realms[name] ?? []) : []));
    return resolvers.length === 0 ? missing() : decided(hasCommon(list, resolvers), resolvers);
  }),
});

const serial = defineCondition({
  name: 'serial',
  group: 'token',
  description: 'The regular expression matches the start of the serial. Holds without a serial.',
  value: expression('start'),
  needs: ['serial'],
  decide: (matches, facts) => (facts.serial ? decided(matches(facts.serial), facts.serial) : missing()),
});

const rolloutState = defineCondition({
  name: 'rollout_state',
  group: 'token',
  description: 'The state of the enrolment. An empty state means enrolled. Holds without a token.',
  // An empty value means "enrolled" too.
  value: { kind: 'text', syntax: 'the exact text, as in clientwait', read: (text) => text || 'enrolled' },
  needs: ['token'],
  hasOneValue: true,
  decide: onToken((wanted, token) => decided((token.rollout_state || 'enrolled') === wanted, token.rollout_state)),
});

const tokenLocked = defineCondition({
  name: 'token_locked',
  group: 'token',
  description:
    "The token's failcounter has reached its maximum. Without a single token: that of any token of the user.",
  value: truth,
  // The user's tokens are needed only if there is no single token: `user_tokens` is known when `token` is null.
  needs: ['token'],
  hasOneValue: true,
  decide(wanted, { token, user_tokens }) {
    if (token) return decided(isLocked(token) === wanted, { failcount: token.failcount, maxfail: token.maxfail });
    if (!user_tokens) return missing();
    const locked = user_tokens.filter(isLocked).map((each) => each.serial);
    return decided(locked.length > 0 === wanted, { locked });
  },
});

const tokenHasOwner = defineCondition({
  name: 'token_has_owner',
  group: 'token',
  description: 'The token is assigned to somebody. Holds without a token.',
  value: truth,
  needs: ['token'],
  hasOneValue: true,
  decide: onToken((wanted, { user }) => decided((user !== null) === wanted, user?.login ?? null)),
});

const tokenIsOrphaned = defineCondition({
  name: 'token_is_orphaned',
  group: 'token',
  description:
    "The token's owner is no longer in the directory. A token without an owner is not orphaned. Holds without a token.",
  value: truth,
  needs: ['token', 'owner'],
  hasOneValue: true,
  decide: onToken((wanted, { user }, { owner }) => {
    const isOrphaned = user !== null && owner === null;
    return decided(isOrphaned === wanted, { owner: user?.login ?? null, found: owner != null });
  }),
});

const tokenIsInContainer = defineCondition({
  name: 'token_is_in_container',
  group: 'token',
  description: 'The token is in a container. Holds without a token.',
  value: truth,
  needs: ['token', 'container'],
  hasOneValue: true,
  decide: onToken((wanted, token, { container }) => {
    const isInside = container?.tokens.includes(token.serial) ?? false;
    return decided(isInside === wanted, isInside ? container?.serial : null);
  }),
});

const tokeninfo = defineCondition({
  name: 'tokeninfo',
  group: 'token',
  description:
    'An entry of tokeninfo satisfies the comparison. Does not hold without the entry; holds without a token.',
  value: comparison('refused'),
  needs: ['token'],
  decide: onToken((wanted, { info }, facts) => {
    const { key } = wanted;
    const seen = Object.hasOwn(info, key) ? info[key] : undefined;
    return seen === undefined ? missing(false) : decideComparison(wanted, seen, facts);
  }),
});

export const tokenConditions: readonly Condition[] = [
  tokentype,
  tokenrealm,
  tokenresolver,
  serial,
  rolloutState,
  tokenLocked,
  tokenHasOwner,
  tokenIsOrphaned,
  tokenIsInContainer,
  tokeninfo,
];

function hasCommon(names: readonly string[], others: readonly string[]): boolean {
  return others.some((other) => names.includes(other));
}

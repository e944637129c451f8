/** Conditions on the token. Without one they hold: so the manual has it for each of them. */
import { isLocked, type Token } from '../token/token.ts';
import { parseNames } from './choice.ts';
import { COMPARISON_SYNTAX_NOW, parseComparison } from './comparison.ts';
import type { Condition } from './condition.ts';
import { onToken } from './on-token.ts';
import { compileRegularExpression, EXPRESSION_SYNTAX } from './regular-expression.ts';
import { parseTruth, TRUTH_WORDS } from './truth.ts';
import { decided, missing } from './verdict.ts';

const tokentype: Condition = {
  name: 'tokentype',
  group: 'token',
  description: "The token's type is in the list. Holds without a token.",
  syntax: 'types parted by commas, without blanks: totp,hotp',
  needs: ['token'],
  parse(value) {
    const names = parseNames(value);
    return onToken((token) => decided(names.includes(token.tokentype), token.tokentype));
  },
};

const tokenrealm: Condition = {
  name: 'tokenrealm',
  group: 'token',
  description: "One of the token's realms is in the list. Holds for a token in no realm, and without a token.",
  syntax: 'realms parted by commas, without blanks',
  needs: ['token'],
  parse(value) {
    const names = parseNames(value);
    return onToken(({ realms }) => (realms.length === 0 ? missing() : decided(hasCommon(names, realms), realms)));
  },
};

const tokenresolver: Condition = {
  name: 'tokenresolver',
  group: 'token',
  description:
    "A resolver of one of the token's realms is in the list. Holds where there is none, and without a token.",
  syntax: 'resolvers parted by commas, without blanks',
  needs: ['token', 'realms'],
  parse(value) {
    const names = parseNames(value);
    return onToken(
      (token, { realms = {} }) => {
        const resolvers = token.realms.flatMap((name) => (Object.hasOwn(realms, name) ? (realms[name] ?? []) : []));
        return resolvers.length === 0 ? missing() : decided(hasCommon(names, resolvers), resolvers);
      },
      ['token', 'realms'],
    );
  },
};

const serial: Condition = {
  name: 'serial',
  group: 'token',
  description: 'The serial matches from its start on, not necessarily to its end. Holds without a serial.',
  syntax: EXPRESSION_SYNTAX,
  needs: ['serial'],
  parse(value) {
    const matches = compileRegularExpression(value, 'start');
    return {
      needs: ['serial'],
      decide: (facts) => (facts.serial ? decided(matches(facts.serial), facts.serial) : missing()),
    };
  },
};

const rolloutState: Condition = {
  name: 'rollout_state',
  group: 'token',
  description: 'The state of the enrolment; an empty one and enrolled are the same. Holds without a token.',
  syntax: 'the exact text, as in clientwait',
  needs: ['token'],
  parse(value) {
    const wanted = value || 'enrolled';
    return onToken((token) => decided((token.rollout_state || 'enrolled') === wanted, token.rollout_state));
  },
};

const tokenLocked: Condition = {
  name: 'token_locked',
  group: 'token',
  description: "The token's failcounter has reached its maximum; without one token, that of any of the user's tokens.",
  syntax: 'True or False',
  allowed: TRUTH_WORDS,
  needs: ['token'],
  parse(value) {
    const wanted = parseTruth(value);
    return {
      // The user's tokens are looked at only where there is no single token, so they are not needed
      // always: whoever knows that `token` is null gives `user_tokens` with it, or there is no user.
      needs: ['token'],
      decide({ token, user_tokens }) {
        if (token) return decided(isLocked(token) === wanted, { failcount: token.failcount, maxfail: token.maxfail });
        if (!user_tokens) return missing();
        const locked = user_tokens.filter(isLocked).map((each) => each.serial);
        return decided(locked.length > 0 === wanted, { locked });
      },
    };
  },
};

const tokenHasOwner: Condition = {
  name: 'token_has_owner',
  group: 'token',
  description: 'The token is assigned to somebody. Holds without a token.',
  syntax: 'True or False',
  allowed: TRUTH_WORDS,
  needs: ['token'],
  parse(value) {
    const wanted = parseTruth(value);
    return onToken(({ user }) => decided((user !== null) === wanted, user?.login ?? null));
  },
};

const tokenIsOrphaned: Condition = {
  name: 'token_is_orphaned',
  group: 'token',
  description:
    "The token's owner is no longer in the directory; a token without owner is no orphan. Holds without a token.",
  syntax: 'True or False',
  allowed: TRUTH_WORDS,
  needs: ['token', 'owner'],
  parse(value) {
    const wanted = parseTruth(value);
    return onToken(
      ({ user }, { owner }) => {
        const isOrphaned = user !== null && owner === null;
        return decided(isOrphaned === wanted, { owner: user?.login ?? null, found: owner != null });
      },
      ['token', 'owner'],
    );
  },
};

const tokenIsInContainer: Condition = {
  name: 'token_is_in_container',
  group: 'token',
  description: 'The token is in a container. Holds without a token.',
  syntax: 'True or False',
  allowed: TRUTH_WORDS,
  needs: ['token', 'container'],
  parse(value) {
    const wanted = parseTruth(value);
    return onToken(
      (token, { container }) => {
        const isInside = container?.tokens.includes(token.serial) ?? false;
        return decided(isInside === wanted, isInside ? container?.serial : null);
      },
      ['token', 'container'],
    );
  },
};

const tokeninfo: Condition = {
  name: 'tokeninfo',
  group: 'token',
  description: 'An entry of tokeninfo compares so. Without the entry it does not hold, without a token it does.',
  syntax: COMPARISON_SYNTAX_NOW,
  needs: ['token'],
  parse(value) {
    const { key, compare } = parseComparison(value, 'refused');
    return onToken((token: Token, facts) => {
      const seen = Object.hasOwn(token.info, key) ? token.info[key] : undefined;
      return seen === undefined ? missing(false) : decided(compare(seen, facts), seen);
    });
  },
};

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

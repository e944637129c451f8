/** Conditions that the event alone decides: dispatch decides them, and they cost no read. */
import { parseWord } from './choice.ts';
import type { Condition, EventFacts, Test, Verdict } from './condition.ts';
import { NO_TERM, term, truthTerm } from './index-terms.ts';
import { isInNetworks, NETWORKS_SYNTAX, networkTerms, parseNetworks } from './networks.ts';
import { badCondition } from './refuse.ts';
import { compileRegularExpression, EXPRESSION_SYNTAX } from './regular-expression.ts';
import { readResponse } from './response.ts';
import { countsAsTrue, parseTruth, TRUTH_WORDS } from './truth.ts';
import { decided, missing } from './verdict.ts';

const ROLES = ['admin', 'user'] as const;
const AUTHENTICATIONS = ['ACCEPT', 'REJECT', 'CHALLENGE', 'DECLINED'] as const;

const onEvent = (decide: (event: EventFacts) => Verdict): Test => ({
  needs: ['event'],
  decide: ({ event }) => decide(event),
});

const loggedInUser: Condition = {
  name: 'logged_in_user',
  group: 'user',
  description: 'Who is logged in: an administrator or a user. An event that names nobody counts as a user.',
  syntax: 'admin or user',
  allowed: ROLES,
  needs: ['event'],
  accepts: (value) => (parseWord(value, ROLES) === 'user' ? [term('user'), NO_TERM] : [term('admin')]),
  parse(value) {
    const wanted = parseWord(value, ROLES);
    return onEvent(({ logged_in_user }) =>
      logged_in_user ? decided(logged_in_user.role === wanted, logged_in_user.role) : missing(wanted === 'user'),
    );
  },
};

const resultValue: Condition = {
  name: 'result_value',
  group: 'general',
  description: 'Whether result.value of the response is true. A value that is missing is not.',
  syntax: 'True or False',
  allowed: TRUTH_WORDS,
  needs: ['event'],
  readsResponse: true,
  accepts: acceptedTruths,
  parse: (value) => compareTruth(value, 'value'),
};

const resultStatus: Condition = {
  name: 'result_status',
  group: 'general',
  description: 'Whether result.status of the response is true. A status that is missing is not.',
  syntax: 'True or False',
  allowed: TRUTH_WORDS,
  needs: ['event'],
  readsResponse: true,
  accepts: acceptedTruths,
  parse: (value) => compareTruth(value, 'status'),
};

const resultAuthentication: Condition = {
  name: 'result_authentication',
  group: 'general',
  description: 'How the authentication ended: result.authentication of the response.',
  syntax: AUTHENTICATIONS.join(', '),
  allowed: AUTHENTICATIONS,
  needs: ['event'],
  readsResponse: true,
  accepts: (value) => [term(parseWord(value, AUTHENTICATIONS))],
  parse(value) {
    const wanted = parseWord(value, AUTHENTICATIONS);
    return onEvent(({ response }) => {
      const seen = readResponse(response, 'result', 'authentication');
      return seen === undefined ? missing(false) : decided(seen === wanted, seen);
    });
  },
};

const detailMessage: Condition = {
  name: 'detail_message',
  group: 'general',
  description:
    'detail.message of the response matches, anywhere in it. A message that is missing is searched as empty.',
  syntax: EXPRESSION_SYNTAX,
  needs: ['event'],
  readsResponse: true,
  parse: (value) => searchDetail(value, 'message'),
};

const detailErrorMessage: Condition = {
  name: 'detail_error_message',
  group: 'general',
  description:
    'detail.error.message of the response matches, anywhere in it. One that is missing is searched as empty.',
  syntax: EXPRESSION_SYNTAX,
  needs: ['event'],
  readsResponse: true,
  parse: (value) => searchDetail(value, 'error', 'message'),
};

const clientIp: Condition = {
  name: 'client_ip',
  group: 'general',
  description: "The client's address is in the list. Holds for an event without one.",
  syntax: NETWORKS_SYNTAX,
  needs: ['event'],
  accepts: (value) => [...networkTerms(parseNetworks(value)), NO_TERM],
  parse(value) {
    const networks = parseNetworks(value);
    return onEvent(({ client_ip }) => (client_ip ? decided(isInNetworks(client_ip, networks), client_ip) : missing()));
  },
};

export const generalConditions: readonly Condition[] = [
  loggedInUser,
  resultValue,
  resultStatus,
  resultAuthentication,
  detailMessage,
  detailErrorMessage,
  clientIp,
];

function acceptedTruths(value: string): readonly string[] {
  return parseTruth(value) ? [truthTerm(true)] : [truthTerm(false), NO_TERM];
}

function compareTruth(value: string, field: string): Test {
  const wanted = parseTruth(value);
  return onEvent(({ response }) => {
    const seen = readResponse(response, 'result', field);
    return seen === undefined ? missing(!wanted) : decided(countsAsTrue(seen) === wanted, seen);
  });
}

/** A part of the path that is there but is no text, or no object, cannot be searched. */
function searchDetail(value: string, ...path: readonly string[]): Test {
  const found = compileRegularExpression(value, 'search');
  return onEvent(({ response }) => {
    const steps = ['detail', ...path];
    for (let depth = 1; depth <= steps.length; depth += 1) {
      const at = steps.slice(0, depth);
      const seen = readResponse(response, ...at);
      if (seen === undefined) return missing(found(''));
      if (typeof seen === 'string' && depth === steps.length) return decided(found(seen), seen);
      if (depth === steps.length || seen === null || typeof seen !== 'object') {
        throw badCondition(`response.${at.join('.')} cannot be searched`, seen, 'a text');
      }
    }
    return missing(found(''));
  });
}

/** Conditions on the event itself (manual, event handler conditions). Dispatch evaluates them without any read. */
import { isObject } from '../base/object.ts';
import {
  badCondition,
  type Condition,
  decided,
  defineCondition,
  type EventFacts,
  missing,
  type Verdict,
} from './condition.ts';
import { NO_TERM, readResponse, term, truthTerm } from './index-terms.ts';
import { isInNetworks, networkTerms } from './networks.ts';
import { countsAsTrue } from './scalar.ts';
import { expression, networks, truth, word } from './value.ts';

const ROLES = ['admin', 'user'] as const;
const AUTHENTICATIONS = ['ACCEPT', 'REJECT', 'CHALLENGE', 'DECLINED'] as const;

const loggedInUser = defineCondition({
  name: 'logged_in_user',
  group: 'user',
  description: 'Whether an administrator or a user is logged in. An event that names nobody counts as a user.',
  value: word(ROLES, 'admin or user'),
  needs: ['event'],
  hasOneValue: true,
  terms: (wanted) => (wanted === 'user' ? [term('user'), NO_TERM] : [term('admin')]),
  decide: (wanted, { event: { logged_in_user: person } }) =>
    person ? decided(person.role === wanted, person.role) : missing(wanted === 'user'),
});

const responseTruth = (name: string, field: string, description: string) =>
  defineCondition({
    name,
    group: 'general',
    description,
    value: truth,
    needs: ['event'],
    readsResponse: true,
    hasOneValue: true,
    terms: (wanted) => (wanted ? [truthTerm(true)] : [truthTerm(false), NO_TERM]),
    decide(wanted, { event: { response } }) {
      const seen = readResponse(response, 'result', field);
      return seen === undefined ? missing(!wanted) : decided(countsAsTrue(seen) === wanted, seen);
    },
  });

const resultAuthentication = defineCondition({
  name: 'result_authentication',
  group: 'general',
  description: 'The result of the authentication: result.authentication of the response.',
  value: word(AUTHENTICATIONS),
  needs: ['event'],
  readsResponse: true,
  hasOneValue: true,
  terms: (wanted) => [term(wanted)],
  decide(wanted, { event: { response } }) {
    const seen = readResponse(response, 'result', 'authentication');
    return seen === undefined ? missing(false) : decided(seen === wanted, seen);
  },
});

const messageMatches = (name: string, description: string, ...path: readonly string[]) =>
  defineCondition({
    name,
    group: 'general',
    description,
    value: expression('search'),
    needs: ['event'],
    readsResponse: true,
    decide: (found, { event }) => searchDetail(found, event, path),
  });

const clientIp = defineCondition({
  name: 'client_ip',
  group: 'general',
  description: "The client's address is in the list. Holds for an event without one.",
  value: networks,
  needs: ['event'],
  terms: (list) => [...networkTerms(list), NO_TERM],
  decide: (list, { event: { client_ip } }) =>
    client_ip ? decided(isInNetworks(client_ip, list), client_ip) : missing(),
});

export const generalConditions: readonly Condition[] = [
  loggedInUser,
  responseTruth(
    'result_value',
    'value',
    'Whether result.value of the response is true. A missing value counts as false.',
  ),
  responseTruth(
    'result_status',
    'status',
    'Whether result.status of the response is true. A missing status counts as false.',
  ),
  resultAuthentication,
  messageMatches(
    'detail_message',
    'The regular expression matches anywhere in detail.message of the response. A missing message counts as empty.',
    'message',
  ),
  messageMatches(
    'detail_error_message',
    'The regular expression matches anywhere in detail.error.message of the response. A missing one counts as empty.',
    'error',
    'message',
  ),
  clientIp,
];

/** Searches a text of the response. @throws TokenwrightError `bad_condition` for a value on the path of another type */
function searchDetail(found: (text: string) => boolean, { response }: EventFacts, path: readonly string[]): Verdict {
  const steps = ['detail', ...path];
  for (let depth = 1; depth <= steps.length; depth += 1) {
    const at = steps.slice(0, depth);
    const seen = readResponse(response, ...at);
    if (seen === undefined) return missing(found(''));
    if (typeof seen === 'string' && depth === steps.length) return decided(found(seen), seen);
    if (depth === steps.length || !isObject(seen)) {
      throw badCondition(`response.${at.join('.')} cannot be searched`, seen, 'a text');
    }
  }
  return missing(found(''));
}

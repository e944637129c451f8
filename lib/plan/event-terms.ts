/**
 * Computes the terms by which the definition index finds what an event may match: see `lib/condition/index-terms.ts`.
 */
import { type EventTerms, NO_TERM, readResponse, type TermField, term, truthTerm } from '../condition/index-terms.ts';
import { addressTerms } from '../condition/networks.ts';
import type { AuthEvent } from '../event/auth-event.ts';

type EventFields = Pick<AuthEvent, 'client_ip' | 'logged_in_user' | 'response' | 'user' | 'serials'>;

/** Computes the terms of an event, those of a field when the index asks for it. */
export function eventTerms(event: EventFields): EventTerms {
  return (field) => TERMS[field](event);
}

const TERMS: Readonly<Record<TermField, (event: EventFields) => readonly string[] | undefined>> = {
  realm: (event) => userTerms(event, spelledRealm(event)),
  resolver: (event) => userTerms(event, event.user?.resolver),
  client_ip: ({ client_ip: address }) => (address ? addressTerms(address) : [NO_TERM]),
  result_authentication: ({ response }) => [textTerm(readResponse(response, 'result', 'authentication'))],
  result_value: ({ response }) => [truthTerm(readResponse(response, 'result', 'value'))],
  result_status: ({ response }) => [truthTerm(readResponse(response, 'result', 'status'))],
  logged_in_user: ({ logged_in_user: person }) => [textTerm(person?.role)],
};

function textTerm(value: unknown): string {
  return typeof value === 'string' ? term(value) : NO_TERM;
}

/**
 * Computes the terms of the user's realm or resolver: the named one, and none, in case the directory lacks the user.
 */
function userTerms({ user, serials }: EventFields, named: string | undefined): readonly string[] | undefined {
  if (user) return named === undefined ? undefined : [term(named), NO_TERM];
  return serials.length === 0 ? [NO_TERM] : undefined;
}

/** Returns the realm, if it is in lower case; a realm in another spelling has to be looked up. */
function spelledRealm({ user }: EventFields): string | undefined {
  return user?.realm === user?.realm?.toLowerCase() ? user?.realm : undefined;
}

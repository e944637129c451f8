/**
 * Computes the terms by which the definition index finds what an event may match: see `lib/condition/index-terms.ts`.
 */
import { type EventTerms, NO_TERM, readResponse, term, truthTerm } from '../condition/index-terms.ts';
import { addressTerms } from '../condition/networks.ts';
import type { AuthEvent } from '../event/auth-event.ts';

type EventFields = Pick<AuthEvent, 'client_ip' | 'logged_in_user' | 'response' | 'user' | 'serials'>;

/** Computes the terms of an event. A field that only the directory or the token can tell is absent. */
export function eventTerms(event: EventFields): EventTerms {
  const { client_ip: address, logged_in_user: person, response } = event;
  return {
    logged_in_user: [typeof person?.role === 'string' ? term(person.role) : NO_TERM],
    result_value: [truthTerm(readResponse(response, 'result', 'value'))],
    result_status: [truthTerm(readResponse(response, 'result', 'status'))],
    result_authentication: [authenticationTerm(readResponse(response, 'result', 'authentication'))],
    client_ip: address ? addressTerms(address) : [NO_TERM],
    realm: userTerms(event, spelledRealm(event)),
    resolver: userTerms(event, event.user?.resolver),
  };
}

function authenticationTerm(value: unknown): string {
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

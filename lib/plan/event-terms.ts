/** The terms under which dispatch looks up the definitions that an event may match: see `lib/condition/index-terms.ts`. */
import { type EventTerms, NO_TERM, readResponse, term, truthTerm } from '../condition/index-terms.ts';
import { addressTerms } from '../condition/networks.ts';
import type { AuthEvent } from '../event/auth-event.ts';

type Said = Pick<AuthEvent, 'client_ip' | 'logged_in_user' | 'response' | 'user' | 'serials'>;

/** The terms of an event. */
export function eventTerms(event: Said): EventTerms {
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

/** What the event claims, or nobody: the directory may not know the user. */
function userTerms({ user, serials }: Said, claimed: string | undefined): readonly string[] | undefined {
  if (user) return claimed === undefined ? undefined : [term(claimed), NO_TERM];
  return serials.length === 0 ? [NO_TERM] : undefined;
}

/** A realm in another spelling than realms have is one that only the directory can tell. */
function spelledRealm({ user }: Said): string | undefined {
  return user?.realm === user?.realm?.toLowerCase() ? user?.realm : undefined;
}

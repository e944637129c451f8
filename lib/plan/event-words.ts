/** The words under which dispatch looks up the definitions that an event may match: see `lib/condition/index-terms.ts`. */
import { type EventWords, NO_WORD, truthWord, word } from '../condition/index-terms.ts';
import { addressWords } from '../condition/networks.ts';
import { readResponse } from '../condition/response.ts';
import type { AuthEvent } from '../event/auth-event.ts';

type Said = Pick<AuthEvent, 'client_ip' | 'logged_in_user' | 'response' | 'user' | 'serials'>;

/** The words of an event. */
export function eventWords(event: Said): EventWords {
  const { client_ip: address, logged_in_user: person, response } = event;
  return {
    logged_in_user: [typeof person?.role === 'string' ? word(person.role) : NO_WORD],
    result_value: [truthWord(readResponse(response, 'result', 'value'))],
    result_status: [truthWord(readResponse(response, 'result', 'status'))],
    result_authentication: [authenticationWord(readResponse(response, 'result', 'authentication'))],
    client_ip: address ? addressWords(address) : [NO_WORD],
    realm: userWords(event, event.user?.realm),
    resolver: userWords(event, event.user?.resolver),
  };
}

function authenticationWord(value: unknown): string {
  return typeof value === 'string' ? word(value) : NO_WORD;
}

/** What the event claims, or nobody: the directory may not know the user. */
function userWords({ user, serials }: Said, claimed: string | undefined): readonly string[] | undefined {
  if (user) return claimed === undefined ? undefined : [word(claimed), NO_WORD];
  return serials.length === 0 ? [NO_WORD] : undefined;
}

/**
 * What each field of the auth event means, for the reference pages and the JSON Schemas. It is not in `lib/event`, because
 * every function that reads events would load it.
 */
import * as z from 'zod/mini';
import { joinPath } from '../../lib/base/error.ts';
import { Envelope } from '../../lib/event/auth-event.ts';

const MEANINGS: Readonly<Record<string, string>> = {
  id: 'The id that the bus gives the event. It is used if `detail.id` is absent.',
  source: 'The sender: any name but `tokenwright`, always the same for one system.',
  'detail-type':
    'What happened, as privacyIDEA names it (`token_init`, `validate_check`, ...) or by a name of your own. Definitions name it in `event`.',
  time: 'When the bus received it, in whole seconds. If `detail.occurred_at` is absent, the event occurred at its arrival, within this second.',
  detail: 'What happened. Every field of it may be absent.',
  'detail.occurred_at': 'When it occurred, in milliseconds: ISO 8601 with a zone, as in `2026-03-15T10:20:30.250Z`.',
  'detail.id':
    "The sender's own id of the event. If it is put again with the same id, source, name, user and tokens, it is the same event and nothing is done twice.",
  'detail.position':
    '`post` (default): after the request. `pre`: before it, over HTTP only (`POST /pre`); on the bus it is ignored.',
  'detail.serial': 'The token, or several separated by commas.',
  'detail.user':
    'The user whom the event is about: conditions on the user, tags `{username}` and `{realm}`, `target: user`.',
  'detail.user.login': 'The login name. Looked up together with `realm`.',
  'detail.user.realm': 'The realm; upper and lower case are the same.',
  'detail.user.resolver': 'The resolver. Resolver and `uid` identify the user without regard to the login.',
  'detail.user.uid': "The user's id in the resolver. Write it as a text: a number beyond 2^53 is refused.",
  'detail.client_ip': "The client's address: condition `client_ip`, tag `{client_ip}`.",
  'detail.user_agent': "The client's User-Agent: tags `{ua_string}` and `{ua_browser}`.",
  'detail.logged_in_user': 'Who made the request.',
  'detail.logged_in_user.username': 'The name. Not used.',
  'detail.logged_in_user.realm': 'The realm. Not used.',
  'detail.logged_in_user.role': '`admin` or `user`: condition `logged_in_user`.',
  'detail.request': 'The parameters of the request, without secrets.',
  'detail.request.serial':
    'The serial that the request named. It has priority over `response.detail.serial` and `detail.serial`.',
  'detail.request.container_serial':
    'The container of the request: conditions `container_...`, option `container` of `enroll`.',
  'detail.request.transaction_id': 'The challenge of the request: conditions `challenge_...`.',
  'detail.response':
    'What was answered, without secrets: `result.status`, `result.value`, `result.authentication`, `detail.message`, `detail.error.message` for the conditions named after them, `detail.serial` for the token.',
  'detail.challenge':
    'The challenge itself, if it is not in the directory: `serial`, `transaction_id`, `session`, `expires`.',
  'detail.container': 'The container itself, if it is not in the directory.',
  'detail.counters': 'Event counters by name: condition `counter`.',
};

const unused = new Set(Object.keys(MEANINGS));

/** The schema of the auth event, with descriptions. */
export const DescribedEnvelope = withMeanings(Envelope, '');
if (unused.size > 0) throw new Error(`the auth event has no field ${[...unused].join(', ')}`);

/** Copies a schema, and describes each of its fields. @throws Error for a field without a meaning */
function withMeanings<S extends z.ZodMiniType>(schema: S, path: string): S {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod;
  const copy = (inner: object): S => z.clone(schema, { ...def, ...inner } as S['_zod']['def']);
  if (def.type === 'optional' || def.type === 'nullable') {
    return copy({ innerType: withMeanings(def.innerType as z.ZodMiniType, path) });
  }
  if (def.type !== 'object') return copy({});
  const shape = Object.entries(def.shape).map(([name, field]) => {
    const inner = joinPath(path, name);
    const described = withMeanings(field as z.ZodMiniType, inner);
    z.globalRegistry.add(described, { description: meaningOf(inner) });
    return [name, described];
  });
  return copy({ shape: Object.fromEntries(shape) });
}

function meaningOf(path: string): string {
  const meaning = MEANINGS[path];
  if (meaning === undefined) throw new Error(`scripts/reference/auth-event-fields.ts says nothing of ${path}`);
  unused.delete(path);
  return meaning;
}

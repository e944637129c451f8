/** A `PutEvents` of which EventBridge takes only some entries: the others are in the answer, with a code. */
import { list, record } from '../json.ts';
import type { Faults } from './faults.ts';
import type { Answer, Call } from './forward.ts';
import type { ServiceName } from './specification.ts';

const REFUSED = { ErrorCode: 'InternalFailure', ErrorMessage: 'injected fault' };

/** Hands on what is not refused. */
export async function putSomeEntries(
  call: Call,
  service: ServiceName,
  faults: Faults,
  forward: (call: Call) => Promise<Answer>,
): Promise<Answer> {
  if (!String(call.headers['x-amz-target']).endsWith('.PutEvents')) return forward(call);
  const input = record(JSON.parse(call.body));
  const refused = list(input.Entries).map(() => faults.refuses(service));
  if (!refused.includes(true)) return forward(call);
  const taken = list(input.Entries).filter((_, i) => !refused[i]);
  const answer = taken.length > 0 ? await forward(withBody(call, { ...input, Entries: taken })) : NOTHING_TAKEN;
  if (answer.status !== 200) return answer;
  const { Entries, FailedEntryCount } = record(JSON.parse(answer.body));
  const answers = [...list(Entries)];
  const body = JSON.stringify({
    FailedEntryCount: Number(FailedEntryCount) + refused.filter(Boolean).length,
    Entries: refused.map((isRefused) => (isRefused ? REFUSED : answers.shift())),
  });
  return { ...answer, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
}

const NOTHING_TAKEN: Answer = { status: 200, headers: {}, body: '{"FailedEntryCount":0,"Entries":[]}' };

function withBody(call: Call, body: object): Call {
  const { 'content-length': _length, ...headers } = call.headers;
  return { ...call, headers, body: JSON.stringify(body) };
}

/** The answers of a service that meets a fault, with the names that AWS gives: throttled, failed, entries refused. */
import { list, record } from '../json.ts';
import type { Faults } from './faults.ts';
import type { Answer, Call } from './forward.ts';
import type { ServiceName } from './specification.ts';

const THROTTLED: Readonly<Record<ServiceName, string>> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  events: 'ThrottlingException',
  sqs: 'com.amazonaws.sqs#RequestThrottled',
  kms: 'ThrottlingException',
};
const FAILED: Readonly<Record<ServiceName, string>> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
  events: 'InternalException',
  sqs: 'com.amazonaws.sqs#InternalError',
  kms: 'KMSInternalException',
};

export function answersOf(service: ServiceName): Readonly<Record<'throttle' | 'error', Answer>> {
  return { throttle: refusal(400, THROTTLED[service]), error: refusal(500, FAILED[service]) };
}

function refusal(status: number, type: string): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type };
  return { status, headers, body: JSON.stringify({ __type: type, message: 'injected fault' }) };
}

const REFUSED = { ErrorCode: 'InternalFailure', ErrorMessage: 'injected fault' };

/** Forwards a call. Of a `PutEvents`, entries that meet the fault `refuse` are left out, and refused in the answer. */
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

/**
 * test/auth-api proves that the front door reads and answers requests as privacyIDEA does.
 *
 * Here: the events of a request are those measured on privacyIDEA, in names, positions, user, `logged_in_user`, result
 * and message. Where a call ends in a fault, privacyIDEA raises no `post` event, and the front door raises one.
 */
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { readVectors } from '../scenarios/expectation.ts';

interface Seen {
  readonly event: string;
  readonly position: 'pre' | 'post';
  readonly user: { readonly login: string; readonly realm: string };
  readonly logged_in_user: object | null;
  readonly g_serial: string | null;
  readonly response?: { readonly result: Readonly<Record<string, unknown>>; readonly detail: unknown };
}
interface Row {
  readonly id: string;
  readonly note: string;
  readonly file: {
    readonly requests: readonly { readonly time: string }[];
    readonly tokens: readonly { readonly tokentype: string }[];
  };
  readonly raised: readonly { readonly raised: readonly string[]; readonly events: readonly Seen[] }[];
}

const Raised = z.looseObject({
  source: z.literal('tokenwright.auth'),
  'detail-type': z.string(),
  detail: z.looseObject({
    id: z.string(),
    position: z.enum(['pre', 'post']),
    occurred_at: z.string(),
    user: z.nullable(z.looseObject({ login: z.string(), realm: z.string() })),
    logged_in_user: z.nullable(z.looseObject({})),
    request: z.looseObject({}),
    response: z.optional(z.looseObject({ result: z.looseObject({ status: z.boolean() }) })),
  }),
});
type Event = z.output<typeof Raised>;

const NOW = Date.parse('2026-12-01T12:00:00Z');

it.each(readVectors<Row>('auth-events.json'))('$id: $note', async ({ file, raised }) => {
  const ran = await runScenario(await readScenario(file, NOW));
  const events = z.array(Raised).parse(ran.raised);
  for (const [i, { time }] of file.requests.entries()) {
    const ours = events.filter(({ detail }) => Date.parse(detail.occurred_at) === Date.parse(time));
    const theirs = raised[i];
    const names = ours.map((one) => `${one.detail.position}:${one['detail-type']}`);
    const [first] = theirs?.raised ?? [];
    const endsInFault = theirs?.raised.length === 1;
    expect(names).toEqual(endsInFault ? [first, first?.replace('pre:', 'post:')] : (theirs?.raised ?? []));
    for (const [j, seen] of (theirs?.events ?? []).entries()) expectSeen(ours[j], seen, hasSecrets(file.tokens));
    if (endsInFault) expect(ours[1]?.detail.response?.result).toMatchObject({ status: false });
    expect(new Set(ours.map(({ detail }) => detail.id)).size).toBeLessThanOrEqual(1);
  }
  expect(JSON.stringify(events)).not.toMatch(/"(pass|password|pin|otpkey|otppin|token)":/);
});

/** The vectors contain no keys and codes. So no type but spass can be accepted, and of the others only names are compared. */
function hasSecrets(tokens: Row['file']['tokens']): boolean {
  return tokens.every(({ tokentype }) => tokentype === 'spass');
}

function expectSeen(event: Event | undefined, { user, logged_in_user, response }: Seen, compared: boolean): void {
  if (user.login !== '') expect(event?.detail.user).toMatchObject({ login: user.login, realm: user.realm });
  expect(event?.detail.logged_in_user).toEqual(logged_in_user);
  if (!response || !compared) return;
  const { value, ...result } = response.result;
  expect(event?.detail.response?.result).toMatchObject(result);
  if (typeof value !== 'object') expect(event?.detail.response?.result.value).toEqual(value);
}

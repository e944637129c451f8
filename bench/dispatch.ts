/**
 * Measures what dispatch costs for one event, without I/O: the event is parsed and planned, its slips are written, with
 * 10 to 10,000 definitions of which five match.
 * Baseline: `JSON.parse` and DynamoDB's unmarshall of the same event.
 * Read the ratio, and how it grows with the number of definitions. The sides take turns in one run, each figure is the
 * median of its turns.
 *
 *   node bench/dispatch.ts [--json] [--quick]
 */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { compileSet } from '../lib/definition/definition-cache.ts';
import type { DefinitionIndex } from '../lib/definition/definition-index.ts';
import type { StoredDefinition } from '../lib/definition/store.ts';
import { memoryDirectory } from '../lib/directory/item-directory.ts';
import { parseAuthEvent } from '../lib/event/auth-event.ts';
import { dropSecrets } from '../lib/event/boundary.ts';
import { stepEntry } from '../lib/event/publish.ts';
import { planEvent } from '../lib/plan/plan.ts';
import type { PlanSources } from '../lib/plan/targets.ts';
import { isQuick, report } from './report.ts';
import { inTurns, rounded } from './turns.ts';

const SIZES = [10, 100, 1_000, 10_000];
const MATCHING = 5;

const USER = { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' };
const EVENT = JSON.stringify({
  id: '0b7b0f7e-9c1b-4c55-a2f8-0a2f2ac0b3a1',
  source: 'privacyidea',
  'detail-type': 'validate_check',
  time: '2026-03-15T10:20:30Z',
  detail: {
    id: '6f1c3f1e-6a55-4c29-8c9e-2f6e4f8e7d11',
    position: 'post',
    client_ip: '10.0.0.1',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0',
    logged_in_user: { username: 'admin', realm: '', role: 'admin' },
    user: USER,
    serial: 'TOTP0001',
    request: { serial: 'TOTP0001', user: 'cornelius', realm: 'realm1' },
    response: {
      result: { status: true, value: false, authentication: 'REJECT' },
      detail: { message: 'wrong otp pin', serial: 'TOTP0001' },
    },
  },
});

const SOURCES: PlanSources = {
  directory: { ...memoryDirectory([]), findUser: async () => ({ ...USER, attributes: {} }) },
  tokens: { read: async () => undefined, serialsOf: async function* () {} },
  firstDelivery: async (_event, found) => found,
};

/** Conditions by which a definition does not match. */
const FALSE_CONDITIONS = {
  'other realms': (i: number) => ({ realm: `other${i}`, result_authentication: 'REJECT' }),
  'other results': () => ({ result_value: 'True', tokentype: 'totp' }),
  'other networks': (i: number) => ({ client_ip: `192.168.${i % 256}.0/24`, realm: 'realm1' }),
} satisfies Record<string, (i: number) => Record<string, unknown>>;
type Kind = keyof typeof FALSE_CONDITIONS;

function storedDefinitions(count: number, kind: Kind): StoredDefinition[] {
  const matching = Array.from({ length: MATCHING }, (_, i) => i * Math.floor(count / MATCHING));
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    version: 1,
    body: {
      id: i + 1,
      name: `definition ${i + 1}`,
      event: ['validate_check'],
      action: 'increase tokeninfo',
      options: { key: `key${i + 1}`, increment: '1' },
      conditions: matching.includes(i)
        ? { realm: 'realm1', result_value: 'False', tokentype: 'totp' }
        : FALSE_CONDITIONS[kind](i),
    },
  }));
}

let consumed = 0;

async function dispatch(index: DefinitionIndex): Promise<void> {
  const parsed = parseAuthEvent(dropSecrets(JSON.parse(EVENT)).value);
  if (!parsed.ok) throw parsed.errors[0];
  const { slips } = await planEvent(parsed.value, index, SOURCES, 'UTC');
  if (slips[0]?.steps.length !== MATCHING) throw new Error(`${slips[0]?.steps.length ?? 0} definitions matched`);
  for (const slip of slips) consumed += stepEntry('tokenwright', slip).Detail?.length ?? 0;
}

const marshalled = marshall(JSON.parse(EVENT));

/** The baseline: what any function does with an event that comes as JSON, or from a DynamoDB stream. */
function readTwice(): void {
  consumed += Object.keys(JSON.parse(EVENT)).length + Object.keys(unmarshall(marshalled)).length;
}

const cases = await Promise.all(
  (Object.keys(FALSE_CONDITIONS) as Kind[]).flatMap((kind) =>
    SIZES.map(async (definitions) => {
      const { index } = await compileSet(storedDefinitions(definitions, kind));
      return { name: kind, definitions, run: () => dispatch(index) };
    }),
  ),
);
const sides = [{ name: 'JSON.parse + unmarshall', definitions: 0, run: readTwice }, ...cases];
const times = await inTurns(sides, { turns: isQuick ? 5 : 20, calls: 200, next: () => undefined });
const [base = Number.NaN] = times;
const results = sides.map(({ name, definitions }, index) => {
  const microseconds = times[index] ?? Number.NaN;
  return { name, definitions, microseconds: rounded(microseconds), ratio: rounded(microseconds / base) };
});

/** The cost of one more definition that does not match: the difference between the largest and the smallest set. */
const nanosecondsADefinitionMore = Object.fromEntries(
  Object.keys(FALSE_CONDITIONS).map((kind) => {
    const [few, many] = [SIZES[0], SIZES.at(-1)].map((size) =>
      results.find(({ name, definitions }) => name === kind && definitions === size),
    );
    const more = ((many?.microseconds ?? 0) - (few?.microseconds ?? 0)) * 1000;
    return [kind, rounded(more / ((many?.definitions ?? 0) - (few?.definitions ?? 0)))];
  }),
);
if (consumed === 0) throw new Error('nothing was done');
report({ results, nanosecondsADefinitionMore });

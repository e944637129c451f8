/** Plays a world on the real stack, with its faults, until every queue is empty, and checks it with the judge. */
import { join } from 'node:path';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { drainDeadLetters } from '../../cli/scenario/drain.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { parseFaults } from '../../infra/local/faults/specification.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { setProcessClock } from '../../lib/base/clock.ts';
import { publisher } from '../../lib/event/publish.ts';
import { viewToken } from '../../lib/token/record.ts';
import { type TokenStore, tokenStore } from '../../lib/token/store.ts';
import type { Announced, Summary } from './announcements.ts';
import type { Answer } from './answers.ts';
import { openJudge } from './judge.ts';
import type { ModelToken } from './manual.ts';
import { GROUPS, NOW, OWNER, REALMS, type World, type WorldEvent } from './world.ts';

const CLONE = join(import.meta.dirname, '..', '..');
const QUIET = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
/** A small page, so that a few tokens need several turns. */
const SMALL_PAGES = { BULK_PAGE_SIZE: '2', BULK_LANES: '2' };
/** A long timeout for the reads of the model, which meet no faults but may be slow on a busy machine. */
const PATIENCE_MS = 60_000;
/** After this many failed calls of a sender, faults end. */
const FAULTY_TRIES = 30;

/** The result of a play. */
export interface Played {
  /** Faults injected, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly outcomes: number;
  readonly deadLetters: number;
}

/** Plays a world. @param concurrency the number of functions at once; with 1 a world is always played the same way */
export async function play(world: World, concurrency = 1): Promise<Played> {
  const before = { ...process.env };
  const outcomes: Announced[] = [];
  const summaries: Summary[] = [];
  let results = '';
  const stack = await startStack({
    root: CLONE,
    environment: { ...QUIET, ...SMALL_PAGES, AWS_MAX_ATTEMPTS: world.attempts, REQUEST_TIMEOUT_MS: '150' },
    concurrency,
    retryDelay: () => 0,
    faults: parseFaults(world.faults),
    onEvent: (bus, { 'detail-type': type, detail }) => {
      if (bus !== results) return;
      if (type === 'token.action.bulk') summaries.push(detail as unknown as Summary);
      else outcomes.push(detail as unknown as Announced);
    },
  });
  setProcessClock({ now: () => NOW });
  try {
    connectTo({ ...stack.environment, AWS_MAX_ATTEMPTS: '3' });
    const tables = tablesOf(stack.environment);
    results = tables.results;
    await seed(await readScenario(scenarioOf(world), NOW), tables);
    const tokens = tokenStore(documentClient(PATIENCE_MS), tables.tokens);
    const publish = publisher(new EventBridgeClient({}));
    const judge = openJudge(world);
    let deadLetters = 0;
    for (const events of world.rounds) {
      const [knownOutcomes, knownSummaries] = [outcomes.length, summaries.length];
      const answers: Answer[] = [];
      if (world.way === 'pre') {
        for (const event of events) for (let times = 0; times < 2; times += 1) answers.push(await ask(stack, event));
      } else {
        const release = stack.hold();
        await publish(events.map((event) => entryOf(event, tables.bus)));
        release();
      }
      deadLetters += await drainDeadLetters(stack, tables);
      const heard = {
        outcomes: outcomes.slice(knownOutcomes),
        summaries: summaries.slice(knownSummaries),
        answers,
        owned: await ownedOf(tokens),
      };
      judge.judge(events, heard, await readTokens(world, tokens));
    }
    return { faults: stack.faults.counts, outcomes: outcomes.length, deadLetters };
  } finally {
    await stack.stop();
    for (const name of Object.keys(stack.environment)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

function scenarioOf({ tokens, definitions }: World): object {
  const named = definitions.map((one) => ({ name: `d${one.id}`, ...one }));
  return { realms: REALMS, users: [OWNER], tokengroups: GROUPS, tokens, definitions: named };
}

/** Posts an event to `/pre` until it is answered, as senders do. @throws Error if it never is */
async function ask({ http, faults }: Pick<Stack, 'http' | 'faults'>, event: WorldEvent): Promise<Answer> {
  const body = JSON.stringify({ source: 'model', 'detail-type': event.name, detail: detailOf(event) });
  for (let failures = 0; failures < 2 * FAULTY_TRIES; failures += 1) {
    if (failures === FAULTY_TRIES) faults.end();
    const answer = await http({ method: 'POST', path: '/pre', body });
    if (answer.statusCode === 200) return { ...(JSON.parse(answer.body) as Pick<Answer, 'outcomes'>), failures };
    if (answer.statusCode !== 500) throw new Error(`/pre answers ${answer.statusCode}: ${answer.body}`);
  }
  throw new Error(`/pre answers ${event.id} never`);
}

function entryOf(event: WorldEvent, bus: string) {
  return { EventBusName: bus, Source: 'model', DetailType: event.name, Detail: JSON.stringify(detailOf(event)) };
}

function detailOf({ id, time, serials, user, client_ip, value }: WorldEvent) {
  return {
    id,
    occurred_at: new Date(time).toISOString(),
    client_ip,
    ...(serials.length > 0 ? { serial: serials.join(',') } : {}),
    ...(user ? { user: { login: OWNER.login, realm: OWNER.realm } } : {}),
    response: { result: { status: true, value } },
  };
}

async function ownedOf(tokens: TokenStore): Promise<string[]> {
  const serials: string[] = [];
  for await (const serial of tokens.serialsOf(OWNER)) serials.push(serial);
  return serials;
}

async function readTokens(world: World, store: TokenStore): Promise<Map<string, ModelToken>> {
  const tokens = new Map<string, ModelToken>();
  for (const { serial } of world.tokens) {
    const record = await store.read(serial);
    if (!record || record.deletedAt !== null) continue;
    const { info, user, realms, tokengroups, ...rest } = viewToken(record);
    const owner = user && { ...OWNER, login: user.login };
    tokens.set(serial, {
      ...rest,
      user: owner,
      realms: [...realms],
      tokengroups: [...tokengroups],
      info: { ...info },
      deleted: false,
    });
  }
  return tokens;
}

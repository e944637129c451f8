/** Explains events, puts them on a local stack, and returns what was explained beside what happened. */

import { OutcomeLog, playEvent } from '../../cli/scenario/play.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { openScene } from '../../cli/simulate/scene.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { startStack } from '../../infra/local/stack.ts';
import { setProcessClock } from '../../lib/base/clock.ts';
import type { Outcome } from '../../lib/event/outcome.ts';
import { dryRun } from '../../lib/simulate/dry-run.ts';
import { explainEvent } from '../../lib/simulate/explain.ts';
import type { Explanation } from '../../lib/simulate/explanation.ts';
import type { TokenRecord } from '../../lib/token/record.ts';
import { type ShownToken, showToken } from '../../lib/token/view.ts';

/** One event: its explanation before it happens, what came of it, and its explanation afterwards. */
export interface Told {
  readonly before: Explanation;
  readonly expected: readonly ShownToken[];
  readonly happened: readonly Outcome[];
  readonly tokens: readonly ShownToken[];
  readonly after: Explanation;
  /** How many writes the explanation caused. */
  readonly writes: number;
}

/** Explains each event of a scenario, lets it happen, and explains it again. */
export async function explainAndPlay(file: unknown): Promise<Told[]> {
  const scenario = await readScenario(file, Date.parse('2026-03-15T10:20:30Z'));
  const latest = Math.max(...scenario.events.map(({ event }) => event.occurredAt));
  setProcessClock({ now: () => latest });
  let log = new OutcomeLog();
  const stack = await startStack({
    environment: { TIMEZONE: scenario.timezone, POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    concurrency: 1,
    retryDelay: () => 0,
    arrival: (time) => time,
    onEvent: (bus, { detail }) => bus === tables.results && log.add(detail as unknown as Outcome),
  });
  const tables = tablesOf(stack.environment);
  const serials = (scenario.tokens ?? []).map(({ serial }) => serial);
  const writes = () => (stack.counts['dynamodb:UpdateItem'] ?? 0) + (stack.counts['dynamodb:PutItem'] ?? 0);
  try {
    connectTo(stack.environment);
    await seed(scenario, tables);
    const told: Told[] = [];
    for (const played of scenario.events) {
      const { scene, current } = await openScene({});
      const readAll = async (store: { read(serial: string): Promise<TokenRecord | undefined> }) =>
        shown(await Promise.all(serials.map((serial) => store.read(serial))));
      const explain = async () => {
        const runtime = dryRun(scene, await current());
        const explanation = await explainEvent(played.event, runtime);
        return { explanation, tokens: await readAll(runtime.tokens) };
      };
      const before = writes();
      const first = await explain();
      const caused = writes() - before;
      log = new OutcomeLog();
      await playEvent(played, { stack, bus: tables.bus, log });
      await stack.idle();
      told.push({
        before: first.explanation,
        expected: first.tokens,
        happened: log.all,
        tokens: await readAll(scene.tokens),
        after: (await explain()).explanation,
        writes: caused,
      });
    }
    return told;
  } finally {
    await stack.stop();
  }
}

function shown(records: readonly (TokenRecord | undefined)[]): ShownToken[] {
  return records.flatMap((record) => (record && record.deletedAt === null ? [showToken(record)] : []));
}

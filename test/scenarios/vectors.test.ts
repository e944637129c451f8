import { describe, expect, it } from 'vitest';
import { runScenario, type ScenarioResult } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { Refusal } from '../../lib/schema/validate.ts';
import { type Expectation, expectResult, readVectors } from './expectation.ts';

interface Row {
  readonly id: string;
  readonly file: unknown;
  readonly expect?: Expectation;
  readonly refused?: boolean;
}

const NOW = Date.parse('2026-03-15T10:20:30Z');
const rows = [...readVectors<Row>('scenarios.json'), ...readVectors<Row>('scenarios-enroll.json')];
const accepted = rows.flatMap((row) => (row.expect ? [{ ...row, expect: row.expect }] : []));

/** Plays a scenario once for all tests that look at its result. */
const played = new Map<string, Promise<ScenarioResult>>();
function playOnce({ id, file }: Row): Promise<ScenarioResult> {
  const known = played.get(id) ?? readScenario(file, NOW).then((scenario) => runScenario(scenario));
  played.set(id, known);
  return known;
}

describe('scenarios through the real handlers', () => {
  it.each(accepted)('$id', async (row) => {
    expectResult(await playOnce(row), row.expect);
  });

  it.each(rows.filter(({ refused }) => refused))('$id is refused before anything happens', async ({ file }) => {
    await expect(readScenario(file, NOW)).rejects.toThrow(Refusal);
  });
});

describe('every bus event three times, in shuffled order', () => {
  it.each(accepted.map((row, i) => ({ ...row, seed: i + 7 })))('$id, seed $seed', async ({ seed, ...row }) => {
    const once = await playOnce(row);
    const often = await runScenario(await readScenario(row.file, NOW), { copies: 3, seed });
    expect(often.tokens).toEqual(once.tokens);
    const byId = (outcomes: typeof once.outcomes) => [...outcomes].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(often.outcomes)).toEqual(byId(once.outcomes));
  });
});

/** How a row of the vectors says what a scenario has to come to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { runScenario } from '../../cli/commands/run.ts';

export type Result = Awaited<ReturnType<typeof runScenario>>;

export interface Expectation {
  readonly tokens: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
  readonly outcomes: readonly Readonly<Record<string, unknown>>[];
  readonly pins?: readonly number[];
}

/** A file of the vectors. */
export function readVectors<Row>(name: string): Row[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'vectors', name), 'utf8')) as Row[];
}

/** The fields that a row names are as it says; the outcomes are exactly those, in any order. */
export function expectResult({ tokens, outcomes }: Result, expected: Expectation): void {
  for (const [serial, fields] of Object.entries(expected.tokens)) {
    const token = tokens.find((one) => one.serial === serial);
    if (fields === null) expect(token, serial).toBeUndefined();
    else expect(token).toMatchObject(fields);
  }
  const shown = outcomes.map(({ definition, serial, status, reason }) => ({
    definition: definition?.id ?? null,
    serial,
    status,
    code: reason?.code,
  }));
  expect(sorted(shown.map(withoutCode))).toEqual(sorted(expected.outcomes.map(withoutCode)));
  for (const { definition = null, serial, status, code } of expected.outcomes) {
    if (code === undefined) continue;
    expect(
      shown.find((one) => one.definition === definition && one.serial === serial && one.status === status)?.code,
    ).toBe(code);
  }
  if (expected.pins) {
    const pins = outcomes.flatMap(({ response }) =>
      response?.detail.pin === undefined ? [] : [String(response.detail.pin).length],
    );
    expect(pins.sort()).toEqual([...expected.pins].sort());
  }
}

function withoutCode({ code: _, ...rest }: Record<string, unknown>) {
  return rest;
}

function sorted(list: readonly unknown[]): string[] {
  return list.map((one) => JSON.stringify(one, Object.keys(one as object).sort())).sort();
}

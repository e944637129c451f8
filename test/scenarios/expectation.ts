/** Compares the result of a scenario with what a row of the vectors expects. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { runScenario } from '../../cli/scenario/run-scenario.ts';
import { faultsBySchema } from '../contract/documented.ts';

export type Result = Awaited<ReturnType<typeof runScenario>>;

export interface Expectation {
  readonly tokens: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
  readonly outcomes: readonly Readonly<Record<string, unknown>>[];
  readonly pins?: readonly number[];
  /** New tokens, in any order, each holding these fields; `user` is the login. */
  readonly enrolled?: readonly Readonly<Record<string, unknown>>[];
}

/** A file of the vectors. */
export function readVectors<Row>(name: string): Row[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'vectors', name), 'utf8')) as Row[];
}

/** The fields that a row names are as it says; the outcomes are exactly those, in any order, and as documented. */
export function expectResult({ tokens, outcomes }: Result, expected: Expectation): void {
  for (const outcome of outcomes) expect(faultsBySchema('outcome', outcome)).toBe('');
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
  // The serial of a new token is not known beforehand.
  const told = expected.outcomes.every((outcome) => 'serial' in outcome) ? ['code'] : ['code', 'serial'];
  expect(sorted(shown, told)).toEqual(sorted(expected.outcomes, told));
  for (const { definition = null, serial, status, code } of expected.outcomes) {
    if (code === undefined) continue;
    expect(
      shown.find((one) => one.definition === definition && one.serial === serial && one.status === status)?.code,
    ).toBe(code);
  }
  if (expected.enrolled) {
    const enrolled = tokens
      .filter(({ serial }) => !(serial in expected.tokens))
      .map(({ user, ...token }) => ({ ...token, user: user?.login ?? null }));
    expect(enrolled).toHaveLength(expected.enrolled.length);
    for (const fields of expected.enrolled) expect(enrolled).toContainEqual(expect.objectContaining(nested(fields)));
  }
  if (expected.pins) {
    const pins = outcomes.flatMap(({ response }) =>
      response?.detail.pin === undefined ? [] : [String(response.detail.pin).length],
    );
    expect(pins.sort()).toEqual([...expected.pins].sort());
  }
}

/** Of tokeninfo too only the keys that the row names. */
function nested({ info, ...fields }: Readonly<Record<string, unknown>>) {
  return info === undefined ? fields : { ...fields, info: expect.objectContaining(info) };
}

function sorted(list: readonly Readonly<Record<string, unknown>>[], without: readonly string[]): string[] {
  const names = (one: object) => Object.keys(one).filter((name) => !without.includes(name));
  return list.map((one) => JSON.stringify(one, names(one).sort())).sort();
}

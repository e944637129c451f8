import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { type Expectation, expectResult } from './expectation.ts';

interface ScenarioFile {
  readonly what: string;
  readonly file: unknown;
  readonly expect: Expectation;
}

const FOLDER = join(import.meta.dirname, 'files');
const NOW = Date.parse('2026-03-15T10:20:30Z');
const files = readdirSync(FOLDER).map((name): ScenarioFile & { name: string } => ({
  name,
  ...(parse(readFileSync(join(FOLDER, name), 'utf8')) as ScenarioFile),
}));

describe('scenario files', () => {
  it.each(files)('$name: $what', async ({ file, expect: expected }) => {
    expectResult(await runScenario(await readScenario(file, NOW)), expected);
  });

  const ofOneEvent = files.filter(({ file }) => (file as { events: readonly unknown[] }).events.length === 1);
  it.each(ofOneEvent)('$name, every bus event three times', async ({ file, expect: expected }) => {
    const delivery = { copies: 3, seed: 7 };
    expectResult(await runScenario(await readScenario(file, NOW), delivery), expected);
  });

  it('are there', () => {
    expect(files.length).toBeGreaterThan(5);
  });
});

/**
 * Runs the measurements one after the other, or those that are named, and keeps the figures in `bench/results.json`:
 * each is a ratio of sides that took turns in one run, so that figures of different machines can be compared.
 *
 *   npm run bench [-- [--quick] [NAME ...]]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Report } from './report.ts';

const MEASUREMENTS = ['dispatch', 'compile', 'step', 'end-to-end', 'growth', 'cold-start', 'bulk'];
const RESULTS = join(import.meta.dirname, 'results.json');

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !MEASUREMENTS.includes(name));
if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: there are ${MEASUREMENTS.join(', ')}`);

for (const name of positionals.length > 0 ? positionals : MEASUREMENTS) {
  const started = Date.now();
  const report = measured(name);
  const { results, ...more } = report;
  console.log(`\n${name}, in ${Math.round((Date.now() - started) / 1000)} s`);
  console.table(results);
  console.log(more);
  writeFileSync(RESULTS, `${JSON.stringify({ ...earlier(), [name]: report }, null, 2)}\n`);
}

/** Runs a measurement in its own process, so that it does not collect the garbage of another one. */
function measured(name: string): Report {
  const options = ['--json', ...(values.quick ? ['--quick'] : [])];
  const output = execFileSync(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

function earlier(): object {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8'));
  } catch {
    return {}; // the first run
  }
}

/**
 * Runs every measurement after the other and keeps the figures in `bench/results.json`: each is a ratio of sides that
 * took turns in one run, so that figures of different machines can be compared.
 *
 *   npm run bench
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MEASUREMENTS = ['dispatch', 'step', 'end-to-end'];

const figures: Record<string, Record<string, unknown>> = {};
for (const name of MEASUREMENTS) {
  const file = join(import.meta.dirname, `${name}.ts`);
  const output = execFileSync(process.execPath, [file, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { results, ...more } = JSON.parse(output);
  figures[name] = { results, ...more };
  console.log(`\n${name}`);
  console.table(results);
  console.log(more);
}
writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(figures, null, 2)}\n`);

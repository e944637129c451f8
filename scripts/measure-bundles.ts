/**
 * Prints for each function how large its bundle is and how long it takes to load, above an empty Node process: the
 * figures that the budgets of docs/decisions/0002-bundles.md are about. Runs alternate, so that a busy machine
 * slows all of them alike.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundle } from '../infra/bundle/bundle.ts';

const RUNS = 20;

const handlers = globSync('functions/**/*.ts')
  .map((file) => file.replace(/\.ts$/, '.handler'))
  .sort();
const folder = mkdtempSync(join(tmpdir(), 'tokenwright-bundles-'));
try {
  const empty = join(folder, 'empty.js');
  writeFileSync(empty, '');
  const bundles = await bundle(handlers, process.cwd());
  const mains = bundles.map(([main, ...lazy], index) => {
    const own = join(folder, String(index));
    for (const { path, content } of main ? [main, ...lazy] : []) {
      mkdirSync(dirname(join(own, path)), { recursive: true });
      writeFileSync(join(own, path), content);
    }
    return join(own, main?.path ?? '');
  });
  const times = measure([empty, ...mains]);
  const base = times[0] ?? 0;
  console.log(`an empty process: ${base.toFixed(1)} ms; medians of ${RUNS} runs`);
  console.log('bytes loaded, bytes beside, load (ms above empty), function');
  for (const [index, handler] of handlers.entries()) {
    const [main, ...lazy] = bundles[index] ?? [];
    const beside = lazy.reduce((sum, { content }) => sum + content.length, 0);
    const load = ((times[index + 1] ?? 0) - base).toFixed(1);
    console.log(
      [String(main?.content.length).padStart(8), String(beside).padStart(8), load.padStart(6), handler].join(' '),
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The median time of each module's process, in milliseconds. */
function measure(modules: readonly string[]): number[] {
  const samples = modules.map((): number[] => []);
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, module] of modules.entries()) {
      const start = performance.now();
      const { status } = spawnSync(process.execPath, [module], { stdio: 'ignore' });
      if (status !== 0) throw new Error(`${module} does not load`);
      samples[index]?.push(performance.now() - start);
    }
  }
  return samples.map((times) => times.sort((one, other) => one - other)[Math.floor(RUNS / 2)] ?? 0);
}

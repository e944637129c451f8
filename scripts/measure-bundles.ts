/**
 * Prints for each function how large its bundle is and what its loading costs, beside an empty process and beside the
 * DynamoDB and EventBridge clients alone: the figures that the budgets of docs/decisions/0002-bundles.md are about.
 * CPU time and not the clock's, in turns and the least of many runs, so that a busy machine decides nothing; the
 * verdict is a ratio. Exit 1 where a function is over it.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BundleFile, bundle } from '../infra/bundle/bundle.ts';

/** 45 ms for a function, 32 for the clients alone, each above an empty process. */
const BUDGET_RATIO = 45 / 32;
const RUNS = Number(process.argv[2] ?? 30);
const ROOT = process.cwd();
/** Prints what the process has used by the time when the module is loaded, in milliseconds. */
const LOAD =
  'require(process.argv[1]); const { user, system } = process.cpuUsage(); console.log((user + system) / 1e3)';

const CLIENTS = `
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
export const handler = () => [DynamoDBClient, GetItemCommand, UpdateItemCommand, EventBridgeClient, PutEventsCommand];
`;

const folder = mkdtempSync(join(tmpdir(), 'tokenwright-bundles-'));
const clients = mkdtempSync(join(ROOT, 'node_modules', '.clients-'));
try {
  const empty = join(folder, 'empty.js');
  writeFileSync(empty, '');
  writeFileSync(join(clients, 'clients.ts'), CLIENTS);
  const [alone = []] = await bundle(['clients.handler'], clients);
  const handlers = globSync('functions/**/*.ts')
    .map((file) => file.replace(/\.ts$/, '.handler'))
    .sort();
  const bundles = await bundle(handlers, ROOT);
  const modules = [empty, ...[alone, ...bundles].map((files, index) => writeBundle(files, String(index)))];
  const [none = 0, baseline = 0, ...loads] = measure(modules);
  console.log(`CPU time, least of ${RUNS} runs: an empty process ${none.toFixed(1)} ms`);
  console.log('bytes loaded, bytes beside, CPU ms above empty, beside the clients, function');
  console.log(lineOf('the two SDK clients', alone, baseline - none, 1));
  let over = 0;
  for (const [index, handler] of handlers.entries()) {
    const load = (loads[index] ?? 0) - none;
    const ratio = load / (baseline - none);
    if (ratio > BUDGET_RATIO) over += 1;
    console.log(lineOf(handler, bundles[index] ?? [], load, ratio));
  }
  const verdict = over === 0 ? 'every function is within' : `${over} of ${handlers.length} functions are over`;
  console.log(`${verdict} ${BUDGET_RATIO.toFixed(2)} times the clients`);
  process.exitCode = over === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(clients, { recursive: true, force: true });
}

/** @returns the path of the module */
function writeBundle(files: readonly BundleFile[], name: string): string {
  for (const { path, content } of files) {
    const file = join(folder, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return join(folder, name, files[0]?.path ?? '');
}

function lineOf(name: string, [main, ...lazy]: readonly BundleFile[], load: number, ratio: number): string {
  const beside = lazy.reduce((sum, { content }) => sum + content.length, 0);
  const figures = [main?.content.length ?? 0, beside, load.toFixed(1), ratio.toFixed(2)];
  return [...figures.map((figure) => String(figure).padStart(8)), name].join(' ');
}

/** The least CPU time of each module's process, in milliseconds. */
function measure(modules: readonly string[]): number[] {
  const least = modules.map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, module] of modules.entries()) {
      const { status, stdout } = spawnSync(process.execPath, ['-e', LOAD, module], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${module} does not load`);
      least[index] = Math.min(least[index] ?? 0, Number(stdout.trim().split('\n').at(-1)));
    }
  }
  return least;
}

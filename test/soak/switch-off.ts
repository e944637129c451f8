/**
 * The switch-off table: `npm run soak:switch-off`. Each keeper of a promise is switched off in a process of its own, and
 * the model has to find a world in which that shows. One that it does not find makes the run fail.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { MUTATIONS } from './mutations.ts';

const RUN = join(import.meta.dirname, 'run.ts');
const WORLDS = process.argv[2] ?? '60';

process.stdout.write('| switched off | what goes wrong without it | found | in a world of |\n|---|---|---|---|\n');
for (const { name, without, flavours } of MUTATIONS) {
  for (const flavour of flavours) {
    const args = [RUN, '--off', name, '--flavour', flavour, '--seeds', WORLDS];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
    const seed = new RegExp(`^${flavour} (\\d+) fails: (.*)`, 'm').exec(stdout);
    const found = seed ? `seed ${seed[1]}: ${seed[2]}` : `NOT in ${WORLDS} worlds`;
    if (!seed) process.exitCode = 1;
    process.stdout.write(`| ${name} | ${without} | ${found} | ${flavour} |\n`);
  }
}

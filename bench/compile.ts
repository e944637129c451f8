/**
 * Measures the cost of 1,000 definitions for the first event of an instance: they are indexed, and those of the event are
 * found and compiled.
 * Baseline: `JSON.parse` of the same definitions.
 * Read the ratio. Each measurement is a process of its own, the sides take turns, and each figure is the smallest of
 * its turns: other load can slow a process down, and never makes it faster.
 *
 *   node bench/compile.ts [--json] [--quick]
 */
import { execFileSync } from 'node:child_process';
import type { EventTerms } from '../lib/condition/index-terms.ts';
import { isQuick, report } from './report.ts';
import { rounded } from './turns.ts';

const DEFINITIONS = 1000;
const TURNS = isQuick ? 2 : 10;
const EVENT = 'validate_check';

/** The sides, each with the number of definitions that match the event. */
const SIDES = { 'JSON.parse': 0, 'five match': 5, 'all match': DEFINITIONS };
type Side = keyof typeof SIDES;

/** The realm of definitions that do not match. */
function bodies(matching: number): string[] {
  return Array.from({ length: DEFINITIONS }, (_, i) =>
    JSON.stringify({
      id: i + 1,
      name: `definition ${i + 1}`,
      event: [EVENT],
      position: 'post',
      action: 'increase tokeninfo',
      options: { key: `key${i + 1}`, increment: '1' },
      conditions: {
        realm: i < matching ? 'realm1' : `other${i}`,
        result_value: 'True',
        tokentype: 'totp,hotp',
        failcounter: '<5',
      },
    }),
  );
}

/** Microseconds of CPU, in this process. */
async function measure(side: Side): Promise<number> {
  const { compileDefinition } = await import('../lib/definition/compile.ts');
  const { indexDefinitions } = await import('../lib/definition/definition-index.ts');
  const texts = bodies(SIDES[side]);
  const stored = texts.map((text, i) => ({ id: i + 1, version: 1, body: JSON.parse(text) as unknown }));
  const start = process.cpuUsage();
  if (side === 'JSON.parse') for (const text of texts) JSON.parse(text);
  else {
    const terms: EventTerms = (field) => ({ realm: ['=realm1', ''], result_value: ['=true'] })[String(field)];
    const index = indexDefinitions(stored, compileDefinition);
    const { definitions } = await index.find('post', EVENT, terms);
    if (definitions.length !== SIDES[side]) throw new Error(`${definitions.length} definitions were found`);
  }
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

const only = process.argv.find((argument): argument is Side => argument in SIDES);
if (only) console.log(await measure(only));
else {
  const sides = Object.keys(SIDES) as Side[];
  const least = new Map<Side, number>();
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const side of sides) {
      const microseconds = Number(execFileSync(process.execPath, [import.meta.filename, side]));
      least.set(side, Math.min(microseconds, least.get(side) ?? Number.POSITIVE_INFINITY));
    }
  }
  const base = least.get('JSON.parse') ?? 0;
  const results = [...least].map(([name, microseconds]) => {
    return { name, milliseconds: rounded(microseconds / 1000), ratio: rounded(microseconds / base) };
  });
  report({ results, definitions: DEFINITIONS });
}

/** Runs commands on hostile files: a command accepts a file, or refuses it with a code and changes nothing. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseDocument } from '../../cli/input/read-file.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { CLONE } from '../cli/tokenwright.ts';
import { DEFINITIONS, EVENT, PART_OF_SECRET, SCENARIO, SECRET, USER } from './good.ts';
import { fuzz, TIMEOUT } from './runs.ts';
import { type FuzzStage, NOW, startStage } from './stage.ts';
import { textsLike, variantsOf } from './variants.ts';

const { definitions: _, events: __, tokens, ...people } = SCENARIO;
const TOKENS = { tokens: tokens.slice(0, 2).map((one, i) => ({ ...one, serial: `F${i}` })) };
const EXPORTED = [
  {
    serial: 'P1',
    type: 'totp',
    otpkey: SECRET,
    otplen: 6,
    info_list: { hashlib: 'sha1' },
    user: { ...USER },
    realms: ['realm1'],
  },
];
const CSV = `# a vendor\nC1, ${SECRET}, totp, 6, 30\nC2, ${SECRET}, hotp, 8\n`;
const RECORDED = [EVENT, { ...EVENT, id: 'e2', detail: { serial: 'T2' } }];

let stage: FuzzStage;
let folder: string;
let file: string;
let definitions: string;
let scenario: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenwright-fuzz-'));
  [file, definitions, scenario] = ['given', 'definitions.json', 'scenario.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(definitions, JSON.stringify(DEFINITIONS));
  await writeFile(scenario, JSON.stringify({ ...people, tokens }));
  stage = await startStage(people);
});
afterAll(async () => {
  await stage?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Writes a value as JSON, as YAML, and as text that only looks like it. */
function documentsLike(good: unknown): fc.Arbitrary<string> {
  const variants = variantsOf(good);
  return fc.oneof(
    { weight: 4, arbitrary: variants.map((value) => JSON.stringify(value)) },
    {
      weight: 1,
      arbitrary: fc
        .constant(good)
        .map((value) => stringify(value))
        .chain(textsLike),
    },
    { weight: 1, arbitrary: textsLike(JSON.stringify(good)) },
    { weight: 1, arbitrary: fc.constant(JSON.stringify(good).replace(`"${SECRET}`, SECRET)) },
  );
}

const lines = (events: readonly unknown[]): string => events.map((one) => JSON.stringify(one)).join('\n');

const FILES: readonly (readonly [
  name: string,
  inputs: () => fc.Arbitrary<string>,
  runs: number,
  args: () => string[],
])[] = [
  ['definitions set', () => documentsLike(DEFINITIONS), 10, () => ['definitions', 'set', file]],
  ['definitions plan', () => documentsLike({ event: DEFINITIONS }), 8, () => ['definitions', 'plan', file, '--json']],
  ['definitions check', () => documentsLike(DEFINITIONS), 8, () => ['definitions', 'check', file]],
  ['definitions explain', () => documentsLike(EVENT), 10, () => ['definitions', 'explain', definitions, file]],
  ['events put', () => documentsLike([EVENT]), 8, () => ['events', 'put', file]],
  ['tokens import', () => documentsLike({ ...people, ...TOKENS }), 8, () => ['tokens', 'import', file]],
  ["tokens import of privacyIDEA's export", () => documentsLike(EXPORTED), 8, () => ['tokens', 'import', file]],
  ['tokens import of a CSV', () => textsLike(CSV), 10, () => ['tokens', 'import', file, '--json']],
  [
    'replay',
    () => fc.oneof(textsLike(lines(RECORDED)), documentsLike(RECORDED)),
    10,
    () => ['replay', file, '--with', definitions, '--tokens', scenario],
  ],
];

it.each(FILES)('%s', { timeout: TIMEOUT }, async (name, inputs, runs, args) => {
  await fuzz(name, inputs(), runs, (text) => survives(text, args()));
});

it.each(['figure-2-plain.xml', 'figure-6-pre-shared-key.xml', 'figure-7-password.xml'])(
  'tokens import of PSKC, %s',
  { timeout: TIMEOUT },
  async (name) => {
    const good = (await readFile(join(CLONE, 'test', 'cli', 'pskc', name), 'utf8')).replace(
      /(<PlainValue>)[^<]*Q/,
      `$1${SECRET}`,
    );
    await fuzz(name, textsLike(good), 10, (text) =>
      survives(text, ['tokens', 'import', file, '--format', 'pskc', '--key-file', definitions]),
    );
  },
);

async function survives(text: string, args: readonly string[]): Promise<void> {
  await writeFile(file, text);
  const { code, printed } = await stage.command(...args);
  expect([0, 1]).toContain(code);
  if (code === 1) expect(printed).toMatch(/error [a-z_]+: |"code": ?"[a-z_]+"/);
  expect(printed).not.toMatch(PART_OF_SECRET);
}

it('a scenario', { timeout: TIMEOUT }, async () => {
  await fuzz('a scenario', documentsLike(SCENARIO), 12, async (text) => {
    await stage.read(async () => readScenario(await parseDocument('file', text), NOW));
  });
});

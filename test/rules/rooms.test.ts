/** The folder rules must be able to fail: each case is one forbidden import, in a small tree with our rooms. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';

const root = fileURLToPath(new URL('../..', import.meta.url));
const Rule = z.object({ name: z.string() });
const Report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: Rule })),
    ruleSetUsed: z.object({ forbidden: z.array(Rule) }),
  }),
});

/** File -> what it imports. */
const TREE: Record<string, string[]> = {
  'lib/base/error.ts': [],
  'lib/loose.ts': ['./base/error.ts'],
  'lib/schema/closest.ts': ['../../functions/dispatch.ts'],
  'lib/token/token.ts': ['../base/error.ts'],
  'lib/token/store.ts': ['@aws-sdk/client-dynamodb'],
  'lib/token/item.ts': ['../event/slip.ts'],
  'lib/token/apply.ts': ['@aws-sdk/client-dynamodb'],
  'lib/event/slip.ts': ['../token/token.ts'],
  'lib/condition/serial.ts': ['../token/store.ts'],
  'lib/condition/realm.ts': ['../event/slip.ts'],
  'lib/text/tags.ts': ['../base/error.ts'],
  'lib/plan/plan.ts': ['@middy/core'],
  'lib/lambda/observe.ts': ['@middy/core'],
  'lib/secret/kms.ts': [],
  'lib/token/reads-keys.ts': ['../secret/kms.ts'],
  'lib/lambda/sealing-runtime.ts': ['../secret/kms.ts'],
  'functions/actions/delete.ts': ['../../lib/lambda/sealing-runtime.ts'],
  'functions/http/pre.ts': ['../../lib/lambda/sealing-runtime.ts'],
  'functions/dispatch.ts': ['../lib/event/slip.ts'],
  'functions/pre.ts': ['../cli/main.ts'],
  'functions/again.ts': ['./dispatch.ts'],
  'infra/local/stack.ts': ['../../lib/base/error.ts', '../event-pattern/event-pattern.ts'],
  'infra/local/shortcut.ts': ['../../lib/text/tags.ts'],
  'infra/event-pattern/event-pattern.ts': [],
  'infra/event-pattern/dependent.ts': ['../../lib/base/error.ts'],
  'infra/alarms.ts': ['./local/stack.ts'],
  'cli/start.ts': ['../infra/local/stack.ts'],
  'cli/main.ts': ['./circle.ts'],
  'cli/circle.ts': ['./main.ts'],
  'cli/late.ts': ['../test/some.ts'],
  'cli/lost.ts': ['./nowhere.ts'],
  'cli/undeclared.ts': ['left-pad'],
  'functions/tested.ts': ['vitest'],
  'test/some.ts': ['../cli/main.ts', '../lib/token/store.ts'],
};

/** The rooms of lib, ground floor first. Each but the last gets a file that imports from the next one. */
const page = await readFile(join(root, 'docs/architecture.md'), 'utf8');
const rooms = [...page.matchAll(/^\| `lib\/([\w-]+)` /gm)].flatMap(([, room]) => room ?? []);
for (const [floor, room] of rooms.entries()) {
  const above = rooms[floor + 1];
  TREE[`lib/${room}/upward.ts`] = above === undefined ? [] : [`../${above}/upward.ts`];
}

let folder: string;
let found: string[];
let rules: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenwright-rooms-'));
  await cp(join(root, '.dependency-cruiser.js'), join(folder, '.dependency-cruiser.js'));
  // What the rules read of the project: the order of the rooms, and which actions may use keys.
  for (const file of ['docs/architecture.md', 'lib/action/table.ts']) await cp(join(root, file), join(folder, file));
  await put('tsconfig.json', '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true } }');
  const dependencies = { '@aws-sdk/client-dynamodb': '1', '@middy/core': '1' };
  await put('package.json', JSON.stringify({ type: 'module', dependencies, devDependencies: { vitest: '1' } }));
  for (const name of ['@aws-sdk/client-dynamodb', '@middy/core', 'left-pad', 'vitest']) {
    await put(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    await put(`node_modules/${name}/index.js`, 'exports.value = 1;');
  }
  for (const [path, imports] of Object.entries(TREE)) {
    await put(path, `${imports.map((from) => `import '${from}';\n`).join('')}export const value = 1;\n`);
  }
  const { violations, ruleSetUsed } = await cruise();
  found = violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  rules = ruleSetUsed.forbidden.map(({ name }) => name);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each<[rule: string, file: string]>([
  ['lib-stands-alone', 'lib/schema/closest.ts'],
  ['functions-use-lib-only', 'functions/pre.ts'],
  ['functions-stay-apart', 'functions/again.ts'],
  ['local-stack-is-a-tool', 'infra/alarms.ts'],
  ['local-stack-knows-no-tokens', 'infra/local/shortcut.ts'],
  ['event-patterns-stand-alone', 'infra/event-pattern/dependent.ts'],
  ['nothing-imports-tests', 'cli/late.ts'],
  ['token-imports-no-floor-above', 'lib/token/item.ts'],
  ['every-file-in-a-room', 'lib/loose.ts'],
  ['conditions-decide-on-facts', 'lib/condition/serial.ts'],
  ['conditions-decide-on-facts', 'lib/condition/realm.ts'],
  ['sdk-in-adapters', 'lib/token/apply.ts'],
  ['lambda-at-the-edge', 'lib/plan/plan.ts'],
  ['keys-in-few-hands', 'lib/token/reads-keys.ts'],
  ['keys-for-those-who-generate', 'functions/actions/delete.ts'],
  ['no-circle', 'cli/circle.ts'],
  ['no-orphan-import', 'cli/lost.ts'],
  ['no-undeclared-package', 'cli/undeclared.ts'],
  ['deployed-is-dependency', 'functions/tested.ts'],
])('the rule %s finds the import in %s', (rule, file) => {
  expect(found).toContain(`${rule}: ${file}`);
});

it.each(rooms.slice(0, -1))('no file of lib/%s may import from the room after it', (room) => {
  expect(found).toContain(`${room}-imports-no-floor-above: lib/${room}/upward.ts`);
});

it('every rule has found something', () => {
  const broken = new Set(found.map((violation) => violation.split(':')[0]));
  expect(rules.filter((rule) => !broken.has(rule))).toEqual([]);
});

it.each([
  'lib/token/store.ts',
  'lib/event/slip.ts',
  'lib/text/tags.ts',
  'lib/lambda/observe.ts',
  'lib/lambda/sealing-runtime.ts',
  'functions/http/pre.ts',
  'infra/local/stack.ts',
  'cli/start.ts',
  'test/some.ts',
])('the rules allow the imports of %s', (file) => {
  expect(found.filter((violation) => violation.endsWith(` ${file}`))).toEqual([]);
});

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** What dependency-cruiser finds. The exit code is the number of errors, so it is no failure here. */
function cruise(): Promise<z.output<typeof Report>['summary']> {
  const cruiser = join(root, 'node_modules/.bin/depcruise');
  const args = [cruiser, 'lib', 'functions', 'infra', 'cli', 'test', '--output-type', 'json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }, (_error, stdout, stderr) => {
      try {
        resolve(Report.parse(JSON.parse(stdout)).summary);
      } catch (cause) {
        reject(new Error(`dependency-cruiser gave no report: ${stderr}`, { cause }));
      }
    });
  });
}

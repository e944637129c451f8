/** Another project installs what `npm pack` writes, compiles the lines of docs/reference/auth-event.md and runs them. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import { CLONE, call, emptyFolder, startDev } from '../cli/tokenwright.ts';

const run = promisify(execFile);
const node = (folder: string, args: readonly string[], env = process.env) =>
  run(process.execPath, [...args], { cwd: folder, env });

/** The package, unpacked as npm does it, with nothing beside it but the packages that are linked. */
async function installed(...links: readonly string[]): Promise<string> {
  const folder = await emptyFolder();
  await node(CLONE, ['scripts/compile-contract.js']);
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: CLONE,
  });
  await run('tar', ['-xzf', stdout.trim()], { cwd: folder });
  const modules = join(folder, 'node_modules');
  await cp(join(folder, 'package'), join(modules, 'tokenwright'), { recursive: true });
  for (const name of links) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(CLONE, 'node_modules', name), join(modules, name));
  }
  return folder;
}

async function examples(page: string): Promise<string[]> {
  const text = await readFile(join(CLONE, 'docs/reference', page), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}

it('an installation without development dependencies compiles nothing, and a package is not made of that', async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await cp(join(CLONE, 'scripts/prepare.js'), join(folder, 'prepare.js'));
  const prepare = (npm_command: string) => node(folder, ['prepare.js'], { ...process.env, npm_command });
  const note = 'note: nothing is compiled, because the development dependencies are not installed\n';
  expect(await prepare('ci')).toEqual({ stdout: '', stderr: note });
  await expect(prepare('pack')).rejects.toMatchObject({ code: 1, stderr: note });
});

/** What the types must refuse, one fault a line. */
const WRONG = `import type { AuthEvent, Definition } from 'tokenwright';
export const definition: Definition = { event: 'token_init', action: 'set validity', options: { 'valid til': '+1d' } };
export const event: AuthEvent = { source: 'my-idp', 'detail-type': 'token_init', detail: { position: 'before' } };
`;

it('another project puts an event with the lines of the page, reads outcomes, and is told of its mistakes', async () => {
  const folder = await installed('@aws-sdk/client-eventbridge', '@types/node');
  const [put = ''] = await examples('auth-event.md');
  const [read = ''] = await examples('outcome.md');
  const compilerOptions = { strict: true, module: 'nodenext', target: 'es2024', types: ['node'], skipLibCheck: true };
  const files = {
    'package.json': JSON.stringify({ type: 'module' }),
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }),
    'put.ts': put,
    'read.ts': read,
    'wrong.ts': WRONG,
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  const tsc = join(CLONE, 'node_modules/typescript/bin/tsc');
  const told = await node(folder, [tsc, '-p', '.', '--pretty', 'false']).catch((error) => error);
  expect([...told.stdout.matchAll(/^\w\S*\(\d+/gm)].map(([at]) => at)).toEqual(['wrong.ts(2', 'wrong.ts(3']);

  const stack = await startDev(folder);
  const clone = (file: string) => join(CLONE, 'examples', file);
  expect(await call(folder, ['tokens', 'import', clone('tokens.yaml')])).toMatchObject({ code: 0 });
  expect(await call(folder, ['definitions', 'set', clone('definitions.yaml')])).toMatchObject({ code: 0 });
  const { stdout } = await node(folder, ['put.js'], {
    ...process.env,
    AWS_ENDPOINT_URL_EVENTBRIDGE: stack.eventbridge,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  expect(stdout).toMatch(/^put [0-9a-f-]{36}\n$/);
  const event = expect.objectContaining({ id: stdout.trim().slice('put '.length), name: 'token_init' });
  await vi.waitFor(
    async () => {
      const answer = await fetch(new URL('/tokens/VISIT001/outcomes', stack.http));
      expect(await answer.json()).toMatchObject({ outcomes: [{ status: 'done', action: 'set validity', event }] });
    },
    { timeout: 20_000, interval: 200 },
  );
  expect(await stack.stop('SIGINT')).toBe(0);
}, 240_000);

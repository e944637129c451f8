/** Runs every example of docs/reference/definition.md: the result must be what the page says. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../lib/contract/types.ts';
import { callHere } from '../cli/in-process.ts';
import { CLONE, emptyFolder } from '../cli/tokenwright.ts';

const page = await readFile(join(CLONE, 'docs/reference/definition.md'), 'utf8');
const [, ...sections] = page.split(/^## /m);
const world = /^```yaml\n([\s\S]*?)^```$/m.exec(sections[0] ?? '')?.[1];
const examples = sections.slice(1).flatMap((section) => {
  const found = [...section.matchAll(/^```yaml\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm)];
  return found.map(([, definitions = '', expected = '']) => ({ field: section.split('\n')[0], definitions, expected }));
});

describe('docs/reference/definition.md', () => {
  it.each(sections.slice(1, -1).map((section) => section.split('\n')[0]))('has an example of %s', (field) => {
    expect(examples.some((example) => example.field === field)).toBe(true);
  });

  it.each(examples)('says of $field what comes out', async ({ definitions, expected }) => {
    const file = join(await emptyFolder(), 'scenario.yaml');
    const list = definitions.replaceAll(/^/gm, '  ').trimEnd();
    await writeFile(file, `${world}timezone: UTC\ndefinitions:\n${list}\n`);
    const { stdout } = await callHere('run', file, '--json');
    expect(told(JSON.parse(stdout))).toBe(expected);
  });
});

it.each(['auth-event', 'definition', 'outcome'])(
  'docs/reference/%s.md says of every field what it is',
  async (name) => {
    const text = await readFile(join(CLONE, `docs/reference/${name}.md`), 'utf8');
    const rows = text.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(14);
    expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
  },
);

function told(result: { readonly outcomes?: readonly Outcome[]; readonly errors?: readonly Fault[] }): string {
  const { outcomes = [], errors = [] } = result;
  const lines = [...errors.map(({ code, path }) => `refused, ${code} at ${path}`), ...outcomes.map(line)];
  return lines.map((text) => `${text}\n`).join('');
}

interface Fault {
  readonly code: string;
  readonly path: string;
}

function line({ definition, action, serial, status, changes, reason }: Outcome): string {
  const changed = Object.entries(changes ?? {}).map(([field, [from, to]]) => `${field} ${shown(from)} → ${shown(to)}`);
  const why = reason?.code === 'condition' ? `condition ${reason.condition} ${asked(reason)}` : reason?.code;
  return [`#${definition?.id} ${action} ${serial}: ${status}`, ...changed, ...(why ? [why] : [])].join(', ');
}

function asked({ wanted, saw }: { readonly wanted?: unknown; readonly saw?: unknown }): string {
  return `wanted ${shown(wanted)}, saw ${shown(saw)}`;
}

function shown(value: unknown): string {
  return JSON.stringify(value);
}

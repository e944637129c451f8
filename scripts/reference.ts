/**
 * Writes docs/reference/ from the catalogue, the register of codes and the schemas: whole pages, and the marked parts of
 * pages whose prose is written by hand. With --check it writes nothing, and fails if a page differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { actions } from '../lib/action/catalogue.ts';
import { describeActions } from '../lib/action/describe.ts';
import { conditions } from '../lib/condition/catalogue.ts';
import { SECRET_NAMES } from '../lib/schema/secret-names.ts';
import { codesPage, codeTable } from './reference/codes.ts';
import { authEvent, bulkSummary, contractTypes, definitionFields, outcome, schemas } from './reference/contracts.ts';
import { openapiDocument } from './reference/openapi.ts';
import { fieldTable, withSections } from './reference/sections.ts';

const NOTE = '<!-- Made from the catalogue by "npm run reference". -->';

const pages: Readonly<Record<string, string>> = {
  'docs/reference/actions.md': page([
    '# Actions',
    NOTE,
    ...describeActions(actions).flatMap(({ name, description, positions, options }) => [
      `## ${name}`,
      `${description} Positions: ${positions.join(', ')}.`,
      ...(options.length === 0 ? [] : [options.map(describeOption).join('\n')]),
    ]),
  ]),
  'docs/reference/conditions.md': page([
    '# Conditions',
    NOTE,
    ...conditions.flatMap(({ name, group, description, syntax }) => [
      `## ${name}`,
      `${description} (${group})`,
      `Written as: \`${syntax}\``,
    ]),
  ]),
  'docs/reference/codes.md': page([codesPage()]),
  'docs/reference/auth-event.md': withSections(read('docs/reference/auth-event.md'), {
    fields: fieldTable(authEvent),
    secrets: [...SECRET_NAMES].map((name) => `\`${name}\``).join(', '),
  }),
  'docs/reference/definition.md': withSections(read('docs/reference/definition.md'), {
    fields: fieldTable({ properties: definitionFields, required: ['event', 'action'] }),
  }),
  'docs/reference/outcome.md': withSections(read('docs/reference/outcome.md'), {
    fields: fieldTable(outcome),
    skipped: codeTable('skipped'),
    failed: codeTable('failed'),
    'bulk fields': fieldTable(bulkSummary),
  }),
  'lib/contract/types.ts': page([contractTypes()]),
  ...Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [`docs/reference/schemas/${name}.json`, json(schema)]),
  ),
  'docs/reference/openapi.json': json(openapiDocument()),
};

const stale = Object.entries(pages).filter(([path, text]) => {
  if (process.argv.includes('--check')) return read(path) !== text;
  writeFileSync(path, text);
  return false;
});
for (const [path] of stale) console.error(`${path} is stale: npm run reference`);
process.exitCode = stale.length > 0 ? 1 : 0;

function page(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}

function json(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function describeOption({
  name,
  type,
  required,
  description,
  allowed,
}: ReturnType<typeof describeActions>[number]['options'][number]): string {
  const values = allowed === null || type === 'boolean' ? '' : ` One of: ${allowed.join(', ')}.`;
  return `- \`${name}\` (${type}${required ? ', required' : ''}): ${description}${values}`;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

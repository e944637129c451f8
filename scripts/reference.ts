/**
 * Writes docs/reference/actions.md and conditions.md from the catalogue, codes.md from the register of codes, and
 * openapi.json from the schemas of the HTTP API. With --check it writes nothing, and fails where a page differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { actions } from '../lib/action/catalogue.ts';
import { describeActions } from '../lib/action/describe.ts';
import { conditions } from '../lib/condition/catalogue.ts';
import { codesPage } from './reference/codes.ts';
import { openapiDocument } from './reference/openapi.ts';

const NOTE = '<!-- Made from the catalogue by "npm run reference". -->';

const pages = {
  'docs/reference/actions.md': [
    '# Actions',
    NOTE,
    ...describeActions(actions).flatMap(({ name, description, positions, options }) => [
      `## ${name}`,
      `${description} Positions: ${positions.join(', ')}.`,
      ...(options.length === 0 ? [] : [options.map(describeOption).join('\n')]),
    ]),
  ],
  'docs/reference/conditions.md': [
    '# Conditions',
    NOTE,
    ...conditions.flatMap(({ name, group, description, syntax }) => [
      `## ${name}`,
      `${description} (${group})`,
      `Written as: \`${syntax}\``,
    ]),
  ],
  'docs/reference/codes.md': [codesPage()],
  'docs/reference/openapi.json': [JSON.stringify(openapiDocument(), null, 2)],
};

const stale = Object.entries(pages).filter(([path, parts]) => {
  const text = `${parts.join('\n\n')}\n`;
  if (process.argv.includes('--check')) return read(path) !== text;
  writeFileSync(path, text);
  return false;
});
for (const [path] of stale) console.error(`${path} is stale: npm run reference`);
process.exitCode = stale.length > 0 ? 1 : 0;

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

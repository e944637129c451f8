/** Replaces the generated parts of a page. They are between marks; the prose around them is written by hand. */
import type { JsonSchema } from './json-schema.ts';

/** Returns the page with its parts replaced. @throws Error if the page has no marks for one of them */
export function withSections(page: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((text, [name, made]) => {
    const [start, end] = [`<!-- ${name}: made by "npm run reference" -->`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`the page has no part "${name}"`);
    return `${text.slice(0, from + start.length)}\n\n${made}\n\n${text.slice(to)}`;
  }, page);
}

/** Makes a table with one row for each field; nested fields have their path. */
export function fieldTable(schema: JsonSchema): string {
  return ['| field | type | what it is |', '| --- | --- | --- |', ...rowsOf(schema, '')].join('\n');
}

function rowsOf({ properties = {}, required = [] }: JsonSchema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const type = `${typeName(field)}${required.includes(name) && prefix === '' ? ', required' : ''}`;
    const inner = [field, ...(field.anyOf ?? [])].find((one) => one.properties);
    return [
      `| \`${path}\` | ${type} | ${cell(field.description ?? '')} |`,
      ...(inner ? rowsOf(inner, `${path}.`) : []),
    ];
  });
}

function typeName({ type, enum: values, anyOf, prefixItems, $ref }: JsonSchema): string {
  if ($ref !== undefined) return 'object';
  if (values?.includes(true)) return 'boolean';
  if (values && values.length > 12) return 'text';
  if (values)
    return values
      .filter((value) => value !== null)
      .map((value) => `\`${value}\``)
      .join(', ');
  const names = anyOf ? anyOf.map(typeName) : [type ?? (prefixItems ? 'array' : 'anything')].flat();
  const shown = [...new Set(names.map((name) => NAMES[name] ?? name))].filter((name) => name !== 'null' && name !== '');
  const known = shown.length > 1 ? shown.filter((name) => name !== 'anything') : shown;
  return known.includes('integer') ? 'integer' : known.join(' or ');
}

const NAMES: Readonly<Record<string, string>> = { string: 'text', array: 'list' };

/** Escapes bars, which would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

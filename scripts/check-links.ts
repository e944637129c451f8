/**
 * Checks the relative links of every Markdown file to files, folders and headings. Prints each broken one as
 * `file:line: target`, and fails.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;

const files = globSync('**/*.md', { exclude: (name) => name === 'node_modules' || name.startsWith('.tokenwright') });
const dead = files.flatMap(deadLinks);
for (const link of dead) console.error(link);
console.log(`${files.length} Markdown files, ${dead.length} dead links`);
process.exitCode = files.length === 0 || dead.length > 0 ? 1 : 0;

function deadLinks(file: string): string[] {
  return proseOf(readFileSync(file, 'utf8')).flatMap((line, index) =>
    [...line.matchAll(LINK)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(file, target))
      .map((target) => `${file}:${index + 1}: ${target}`),
  );
}

function leadsSomewhere(file: string, target: string): boolean {
  const [path = '', heading] = decodeURI(target).split('#');
  const found = path === '' ? file : join(dirname(file), path);
  if (!existsSync(found)) return false;
  return heading === undefined || !found.endsWith('.md') || anchorsOf(found).includes(heading);
}

/** Returns the anchors of a page: those written as `<a id="...">`, and those that GitHub makes of headings. */
function anchorsOf(file: string): string[] {
  const lines = proseOf(readFileSync(file, 'utf8'));
  const ids = lines.flatMap((line) => [...line.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id));
  return [...ids, ...headings(lines)];
}

/** Makes the anchor of a heading, as GitHub does: lower case, dashes for spaces, no punctuation. */
function headings(lines: readonly string[]): string[] {
  return lines
    .filter((line) => /^#{1,6} /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
}

/** Returns the lines of a page; those of code blocks are empty. */
function proseOf(text: string): string[] {
  let code = false;
  return text.split('\n').map((line) => {
    const fence = /^\s*(```|~~~)/.test(line);
    if (fence) code = !code;
    return code || fence ? '' : line.replace(/`[^`]*`/g, '');
  });
}

/** Reads a JSON or YAML file, or standard input for `-`. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { TokenwrightError } from '../lib/base/error.ts';

/** @throws TokenwrightError `bad_file`, with line and column where the text is broken */
export async function readDocument(path: string): Promise<unknown> {
  return parseDocument(path, await readSource(path));
}

/** @throws TokenwrightError `bad_file`, with line and column and without the line itself, which may hold a secret */
export async function parseDocument(path: string, source: string): Promise<unknown> {
  if (/^\s*[[{]/.test(source)) {
    try {
      return JSON.parse(source) as unknown;
    } catch {
      // YAML's parser reads JSON too, and tells line and column of what is broken.
    }
  }
  const yaml = await import('yaml');
  const refuse = (reason: string) => new TokenwrightError('bad_file', `${shownAs(path)}: ${withoutSource(reason)}`);
  const document = yaml.parseDocument(source, { prettyErrors: true });
  const [error] = document.errors;
  if (error) throw refuse(error.message);
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (tooMuch) {
    // Aliases that multiply, or lead nowhere.
    throw refuse(tooMuch instanceof Error ? tooMuch.message : String(tooMuch));
  }
}

/** The parser's words and where; not what it quotes behind a colon or in quotes, which may be a secret. */
function withoutSource(reason: string): string {
  const [line = ''] = reason.split('\n');
  const [place = ''] = / at line \d+, column \d+(?=:?$)/.exec(line) ?? [];
  const words = line.replace(/:$/, '').slice(0, place === '' ? undefined : line.lastIndexOf(place));
  return `${words.split(/: |"/)[0]?.trim()}${place}`;
}

const shownAs = (path: string): string => (path === '-' ? 'standard input' : path);

/** The text of a file, or of standard input for `-`. @throws TokenwrightError `bad_file` */
export async function readSource(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new TokenwrightError('bad_file', `${path} cannot be read: ${reason}`, { given: path });
  }
}

/** Reads a JSON or YAML file, or standard input for `-`. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Document } from 'yaml';
import { TokenwrightError } from '../lib/base/error.ts';
import { isObject } from '../lib/base/object.ts';
import { isPrintedAs, parseEventJson, parseJson } from '../lib/text/json.ts';

/** What numbers are read as: `written`, as their text where they would print otherwise; in an `event` they stay numbers. */
export type Numbers = 'written' | 'event';

/** @throws TokenwrightError `bad_file`, with line and column where the text is broken */
export async function readDocument(path: string, numbers: Numbers = 'written'): Promise<unknown> {
  return parseDocument(path, await readSource(path), numbers);
}

/** A scenario: what people write, and events among it. @throws TokenwrightError as `readDocument` */
export async function readScenarioDocument(path: string): Promise<unknown> {
  const source = await readSource(path);
  const written = await parseDocument(path, source);
  if (!isObject(written) || Array.isArray(written)) return written;
  const asEvents = await parseDocument(path, source, 'event');
  const played = Object.entries(isObject(asEvents) ? asEvents : {}).filter(([key]) => PLAYED.includes(key));
  return { ...written, ...Object.fromEntries(played) };
}

/** What a scenario plays: its numbers stay numbers. */
const PLAYED: readonly string[] = ['events', 'requests'];

/** @throws TokenwrightError `bad_file`, with line and column and without the line itself, which may hold a secret */
export async function parseDocument(path: string, source: string, numbers: Numbers = 'written'): Promise<unknown> {
  const refuse = (reason: string) => new TokenwrightError('bad_file', `${shownAs(path)}: ${withoutSource(reason)}`);
  if (/^\s*[[{]/.test(source)) {
    try {
      return numbers === 'event' ? parseEventJson(source) : parseJson(source);
    } catch (error) {
      if (error instanceof RangeError) throw refuse('it is nested too deeply');
      // YAML's parser reads JSON too, and tells line and column of what is broken.
    }
  }
  const yaml = await import('yaml');
  try {
    const document = yaml.parseDocument(source, { prettyErrors: true });
    const [error] = document.errors;
    if (error) throw refuse(error.message);
    keepNumbers(document, yaml, numbers);
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    if (error instanceof TokenwrightError) throw error;
    if (error instanceof RangeError) throw refuse('it is nested too deeply');
    // Aliases that multiply, or lead nowhere.
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

/** As lib/text/json.ts does for JSON: a number that would print otherwise is its text, or a `uid` that is refused. */
function keepNumbers(document: Document, { isPair, isScalar, visit }: typeof import('yaml'), numbers: Numbers): void {
  visit(document, {
    Scalar(key, node, path) {
      const { value, source } = node;
      if (typeof value !== 'number' || source === undefined || isPrintedAs(value, source)) return;
      const pair = path.at(-1);
      const isUid = isPair(pair) && isScalar(pair.key) && pair.key.value === 'uid';
      if (numbers === 'written' || key === 'key') node.value = source;
      else if (isUid) node.value = Number.NaN;
    },
  });
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

/** Reads a JSON or YAML file, or standard input for `-`. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Document, YAMLParseError } from 'yaml';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isObject } from '../../lib/base/object.ts';
import { isPrintedAs, parseEventJson, parseJson } from '../../lib/text/json.ts';
import { unreadableFile } from '../output/unexpected.ts';

/** How numbers are read: `written` keeps the text of numbers that would print differently; `event` keeps numbers. */
export type Numbers = 'written' | 'event';

/** Reads a document. @throws TokenwrightError `bad_file`, with line and column if the text is malformed */
export async function readDocument(path: string, numbers: Numbers = 'written'): Promise<unknown> {
  return parseDocument(path, await readSource(path), numbers);
}

/** Reads a scenario, in which events and requests keep their numbers. @throws TokenwrightError as `readDocument` */
export async function readScenarioDocument(path: string): Promise<unknown> {
  const source = await readSource(path);
  const written = await parseDocument(path, source);
  if (!isObject(written) || Array.isArray(written)) return written;
  const asEvents = await parseDocument(path, source, 'event');
  const played = Object.entries(isObject(asEvents) ? asEvents : {}).filter(([key]) => PLAYED.includes(key));
  return { ...written, ...Object.fromEntries(played) };
}

/** Parts of a scenario whose numbers stay numbers. */
const PLAYED: readonly string[] = ['events', 'requests'];

/** Parses a document. @throws TokenwrightError `bad_file` with line and column, without the text, which may hold a secret */
export async function parseDocument(path: string, source: string, numbers: Numbers = 'written'): Promise<unknown> {
  const refuse = (reason: string, hint = '') =>
    new TokenwrightError('bad_file', `${shownAs(path)}: ${withoutSource(reason)}${hint}`);
  if (/^\s*[[{]/.test(source)) {
    try {
      return numbers === 'event' ? parseEventJson(source) : parseJson(source);
    } catch (error) {
      if (error instanceof RangeError) throw refuse('it is nested too deeply');
      // Read again as YAML, whose parser reads JSON too and tells line and column of an error.
    }
  }
  const yaml = await import('yaml');
  try {
    const document = yaml.parseDocument(source, { prettyErrors: true });
    const [error] = document.errors;
    if (error) throw refuse(`${error.message.split('\n')[0]}`, hintOf(error, document, source, yaml));
    keepNumbers(document, yaml, numbers);
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    if (error instanceof TokenwrightError) throw error;
    if (error instanceof RangeError) throw refuse('it is nested too deeply');
    // Too many aliases, or an alias without an anchor.
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Describes what the parser does not tell: a tab, or where an unclosed bracket or quote begins. */
function hintOf(
  { pos: [at] }: YAMLParseError,
  document: Document,
  source: string,
  { isCollection, visit }: typeof import('yaml'),
): string {
  const line = source.slice(0, at).split('\n').at(-1) ?? '';
  if (/^\s*\t/.test(line + source.slice(at, at + 1))) return ': the line begins with a tab, YAML requires spaces';
  const opened: number[] = [];
  visit(document, {
    Node(_key, node) {
      const [start, end] = node.range ?? [];
      if (start === undefined || end === undefined) return;
      const [first = '', last = ''] = [
        source[start],
        source
          .slice(start + 1, end)
          .trimEnd()
          .at(-1),
      ];
      const isOpen = isCollection(node)
        ? node.flow && !']}'.includes(last || ' ')
        : '"\''.includes(first) && last !== first;
      if (isOpen) opened.push(start);
    },
  });
  const [start] = opened.slice(-1);
  if (start === undefined) return '';
  return `; the ${source[start]} in line ${source.slice(0, start).split('\n').length} is not closed`;
}

/** Keeps numbers as lib/text/json.ts does: the text of a number that would print differently; such a `uid` is refused. */
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

/** Keeps the parser's message and place, without the text that it quotes, which may be a secret. */
function withoutSource(reason: string): string {
  const [line = ''] = reason.split('\n');
  const [place = ''] = / at line \d+, column \d+(?=:?$)/.exec(line) ?? [];
  const words = line.replace(/:$/, '').slice(0, place === '' ? undefined : line.lastIndexOf(place));
  return `${words.split(/: |"/)[0]?.trim()}${place}`;
}

const shownAs = (path: string): string => (path === '-' ? 'standard input' : path);

let piped: Promise<string> | undefined;

/** Reads a file, or standard input for `-`, which is read once and kept. @throws TokenwrightError `bad_file` */
export async function readSource(path: string): Promise<string> {
  if (path === '-') {
    piped ??= text(process.stdin);
    return piped;
  }
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadableFile(path, error);
  }
}

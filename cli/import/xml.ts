/**
 * Reads XML piece by piece: the children of the root as small trees, one in memory at a time. A DOCTYPE is refused, and with
 * it every entity that could be expanded or fetched. Namespace prefixes are dropped, and names are compared without case,
 * since privacyIDEA writes them all in lower case.
 */
import { SaxesParser } from 'saxes';
import { TokenwrightError } from '../../lib/base/error.ts';

export interface Element {
  /** The name in its original case, without a prefix. */
  readonly name: string;
  readonly line: number;
  /** Keys are the attribute names in lower case, without a prefix. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const DEEPEST = 50;
const CHUNK = 65_536;

/** Finds the first element at a path of names. */
export function find(element: Element | undefined, ...names: readonly string[]): Element | undefined {
  return names.reduce<Element | undefined>((at, name) => at?.children.find((child) => isNamed(child, name)), element);
}

/** Compares the name of an element without case. */
export function isNamed(element: Element, name: string): boolean {
  return element.name.toLowerCase() === name.toLowerCase();
}

/** Returns the text of the element at a path of names, trimmed; undefined if there is no such element. */
export function textOf(element: Element | undefined, ...names: readonly string[]): string | undefined {
  return find(element, ...names)?.text.trim();
}

/**
 * Yields the children of the root in order, each with the root.
 *
 * @throws TokenwrightError `bad_file` with line and column, if it is not well-formed
 */
export function* readElements(source: string): Generator<{ readonly root: Element; readonly element: Element }> {
  const parser = new SaxesParser<{ xmlns: false; position: true }>({ xmlns: false, position: true });
  const open: Element[] = [];
  const done: { root: Element; element: Element }[] = [];
  const refuse = (why: string): never => {
    throw new TokenwrightError('bad_file', `line ${parser.line}, column ${parser.column}: ${why}`);
  };
  parser.on('error', ({ message }) => refuse(message.replace(/^\d+:\d+: /, '')));
  parser.on('doctype', () => refuse('a DOCTYPE is not allowed'));
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length === DEEPEST) refuse('elements are nested too deeply');
    open.push({ name: local(name), line: parser.line, attributes: withLocalNames(attributes), children: [], text: '' });
  });
  const addText = (text: string): void => {
    const current = open.at(-1);
    if (current) current.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    const [root] = open;
    if (element && root && open.length === 1) done.push({ root, element });
    else if (element) open.at(-1)?.children.push(element);
  });
  for (let at = 0; at < source.length; at += CHUNK) {
    parser.write(source.slice(at, at + CHUNK));
    yield* done.splice(0);
  }
  parser.close();
  yield* done.splice(0);
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Drops the prefixes of attribute names, and writes the names in lower case. */
function withLocalNames(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [local(name).toLowerCase(), value]));
}

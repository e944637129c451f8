/** Finds the place of an error in a file: the line, and the name of the definition, token or event. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { shorten } from '../../lib/base/error.ts';

export interface Place {
  readonly line: number | undefined;
  /** Such as `#6 "Lost token"` or `token T1`; undefined outside of definitions, tokens and events. */
  readonly entry: string | undefined;
  /** The path within the entry; the whole path if the entry has no name. */
  readonly path: string;
}

/** No places in longer texts: parsing them again would take seconds. */
const MOST_CHARACTERS = 2_000_000;

/** Parses a text, JSON or YAML. @returns a function that looks up a path such as `definitions[3].options.valid from` */
export function placesIn(source: string): (path: string) => Place {
  const lines = new LineCounter();
  const root = source.length > MOST_CHARACTERS ? null : parseDocument(source, { lineCounter: lines }).contents;
  return (path) => {
    let [node, rest, within, entry]: [unknown, string, string, string | undefined] = [root, path, path, undefined];
    let [at, isInList]: [unknown, boolean] = [root, false];
    while (rest !== '') {
      const [whole = '', index] = /^\[(\d+)\]\.?/.exec(rest) ?? [];
      if (index !== undefined && isSeq(node)) {
        node = node.items[Number(index)];
        rest = rest.slice(whole.length);
        if (!isInList) entry = nameOf(node, path);
        if (!isInList && entry !== undefined) within = rest;
        isInList = true;
        at = node;
      } else if (isMap(node)) {
        const key = longestKey(node, rest);
        if (key === undefined) break;
        at = node.items.find((pair) => textOf(pair.key) === key)?.key;
        node = node.get(key, true);
        rest = key === 'event' && rest.startsWith('definitions') ? rest.slice(11) : rest.slice(key.length);
        rest = rest.replace(/^\./, '');
      } else if (isSeq(node) && /^(definitions|tokens)(?=\[)/.test(rest)) {
        rest = rest.replace(/^\w+/, '');
      } else break;
    }
    const [offset] = (at as Node | undefined)?.range ?? [];
    const hasLine = offset !== undefined && path !== '' && !/^line \d/.test(path); // CSV and XML name it themselves
    const line = hasLine ? lines.linePos(offset).line : undefined;
    return { line, entry, path: within };
  };
}

/** Finds the longest matching key, since a key may hold dots and spaces. privacyIDEA's list of definitions is named "event". */
function longestKey(node: { readonly items: readonly { readonly key: unknown }[] }, rest: string): string | undefined {
  const keys = node.items.map(({ key }) => textOf(key)).sort((a, b) => b.length - a.length);
  const found = keys.find((key) => rest === key || rest.startsWith(`${key}.`) || rest.startsWith(`${key}[`));
  return found ?? (rest.startsWith('definitions[') && keys.includes('event') ? 'event' : undefined);
}

function nameOf(node: unknown, path: string): string | undefined {
  if (!isMap(node)) return undefined;
  const field = (name: string): string => shorten(textOf(node.get(name, true)));
  if (path.startsWith('definitions')) {
    const [id, name] = [field('id'), field('name')];
    return [id && `#${id}`, (name || !id) && JSON.stringify(name)].filter(Boolean).join(' ');
  }
  if (path.startsWith('tokens')) return field('serial') === '' ? undefined : `token ${field('serial')}`;
  if (path.startsWith('events') || path.startsWith('[')) return `event ${field('id') || field('detail-type')}`.trim();
  return undefined;
}

function textOf(node: unknown): string {
  const value = isScalar(node) ? node.value : node;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Breaks lines that are wider than a terminal at spaces, with the rest indented below. */
import { stripVTControlCharacters } from 'node:util';

/** The width of help, and of other text that is the same at every call. */
const TEXT_WIDTH = 80;

/** What a line begins with: spaces, and the branches of a tree, which may be dim. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const LEAD = /^(?:[\s│├└─]|\u001b\[2?2m)*/;

/** Folds a text for a stream. In a pipe every line stays whole, for programs that search it. */
export function foldFor(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>, text: string): string {
  return stream.isTTY ? fold(text, stream.columns) : text;
}

/** Prints a text and a line break, folded for the stream. */
export function printFolded(stream: NodeJS.WriteStream, text: string): void {
  stream.write(`${foldFor(stream, text)}\n`);
}

/** Folds each line that is longer than `width`. A word that is longer stays whole. */
export function fold(text: string, width: number = TEXT_WIDTH): string {
  return text
    .split('\n')
    .map((line) => foldLine(line, width))
    .join('\n');
}

function foldLine(line: string, width: number): string {
  if (lengthOf(line) <= width) return line;
  const [lead = ''] = LEAD.exec(line) ?? [];
  const below = `${lead.replaceAll('├', '│').replaceAll(/[└─]/g, ' ')}    `;
  const [first = '', ...words] = line.slice(lead.length).split(/ (?=\S)/);
  const lines = [lead + first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lengthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(below + word);
  }
  return lines.map((one) => one.trimEnd()).join('\n');
}

const lengthOf = (line: string): number => stripVTControlCharacters(line).length;

/**
 * Reads recorded events in the order of their times, from JSON lines or from a list. Lines are read one by one, so a file may
 * be larger than memory. If they are not in order, an index of 20 bytes per event is made.
 */

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isObject } from '../../lib/base/object.ts';
import { jsonFault } from '../../lib/text/json.ts';
import { FileRefusal } from '../output/errors.ts';
import { unreadableFile } from '../output/unexpected.ts';
import { readDocument } from './read-file.ts';

export interface Recording {
  readonly count: number;
  /** Yields the events in the order of their times; they are not checked yet. */
  events(): AsyncIterable<unknown>;
}

const MOST_FAULTS = 20;

/** Checks a recording. @throws FileRefusal naming each line that is not JSON */
export async function openRecording(file: string): Promise<Recording> {
  const start = file === '-' ? '[' : await firstCharacter(file);
  return start === '[' || start === '-' ? ofList(await readDocument(file, 'event')) : ofLines(file);
}

async function firstCharacter(file: string): Promise<string | undefined> {
  for await (const { text } of linesOf(file)) if (text.trim() !== '') return text.trim()[0];
  return undefined;
}

function ofList(document: unknown): Recording {
  const list: readonly unknown[] = Array.isArray(document) ? document : [document];
  const ordered = list.map((event) => ({ event, time: timeOf(event) })).sort((a, b) => a.time - b.time);
  return {
    count: list.length,
    async *events() {
      for (const { event } of ordered) yield event;
    },
  };
}

async function ofLines(file: string): Promise<Recording> {
  const faults: TokenwrightError[] = [];
  let [count, latest, isOrdered] = [0, 0, true];
  for await (const line of linesOf(file)) {
    const event = parsed(line, faults);
    if (event === undefined) continue;
    const time = timeOf(event);
    if (time < latest) isOrdered = false;
    latest = time;
    count += 1;
  }
  if (faults.length > 0) throw new FileRefusal(file, faults.slice(0, MOST_FAULTS));
  return { count, events: () => (isOrdered ? inFileOrder(file) : inTimeOrder(file, count)) };
}

async function* inFileOrder(file: string): AsyncGenerator<unknown> {
  for await (const { text } of linesOf(file)) if (text.trim() !== '') yield JSON.parse(text) as unknown;
}

async function* inTimeOrder(file: string, count: number): AsyncGenerator<unknown> {
  const [times, offsets] = [new Float64Array(count), new Float64Array(count)];
  const lengths = new Uint32Array(count);
  let next = 0;
  for await (const { text, offset, length } of linesOf(file)) {
    if (text.trim() === '') continue;
    [times[next], offsets[next], lengths[next]] = [timeOf(JSON.parse(text)), offset, length];
    next += 1;
  }
  const order = new Uint32Array(count).map((_, i) => i);
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  const handle = await open(file);
  try {
    for (const i of order) {
      const buffer = Buffer.alloc(lengths[i] ?? 0);
      await handle.read(buffer, 0, buffer.length, offsets[i]);
      yield JSON.parse(buffer.toString('utf8')) as unknown;
    }
  } finally {
    await handle.close();
  }
}

function parsed({ text, number }: Line, faults: TokenwrightError[]): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (faults.length < MOST_FAULTS)
      faults.push(new TokenwrightError('bad_file', `is not JSON: ${jsonFault(error)}`, { path: `line ${number}` }));
    return undefined;
  }
}

/** Returns when an event occurred, in milliseconds since 1970; 0 for a malformed event, which is refused when it is read. */
function timeOf(event: unknown): number {
  if (!isObject(event)) return 0;
  const { time, detail } = event as { time?: unknown; detail?: unknown };
  const occurred = isObject(detail) ? detail.occurred_at : null;
  const instant = Date.parse(String(occurred ?? time));
  return Number.isNaN(instant) ? 0 : instant;
}

interface Line {
  readonly text: string;
  /** 1 is the first. */
  readonly number: number;
  /** In bytes. */
  readonly offset: number;
  readonly length: number;
}

const NEWLINE = 10;

/** Yields the lines of a file with their places. @throws TokenwrightError `bad_file` if it cannot be read */
async function* linesOf(file: string): AsyncGenerator<Line> {
  let [rest, offset, number] = [Buffer.alloc(0), 0, 0];
  const lineOf = (bytes: Buffer): Line => {
    number += 1;
    const line = { text: bytes.toString('utf8'), number, offset, length: bytes.length };
    offset += bytes.length + 1;
    return line;
  };
  try {
    for await (const chunk of createReadStream(file)) {
      const bytes = Buffer.concat([rest, chunk as Buffer]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
        yield lineOf(bytes.subarray(start, end));
        start = end + 1;
      }
      rest = bytes.subarray(start);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw unreadableFile(file, error);
  }
  if (rest.length > 0) yield lineOf(rest);
}

/**
 * What is pending, by id, and where a data folder is given also in a file: one JSON line for what comes in, one for
 * what is done. A line is written before the caller is answered, so what was acknowledged survives a killed process;
 * opening the journal drops what is done and writes the file anew.
 */
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { record, text } from './json.ts';

export interface Journal<T> {
  /** What was left pending by the process before this one. */
  readonly left: ReadonlyMap<string, T>;
  add(entries: readonly (readonly [id: string, value: T])[]): void;
  done(id: string): void;
  close(): void;
}

/** Opens the journal at `path`; without one, nothing outlives the process. @param parse a line's value, or undefined */
export function openJournal<T>(path: string | undefined, parse: (value: unknown) => T | undefined): Journal<T> {
  if (path === undefined) return { left: new Map(), add: () => {}, done: () => {}, close: () => {} };
  mkdirSync(dirname(path), { recursive: true });
  const left = replay(path, parse);
  writeFileSync(`${path}.new`, [...left].map(([id, value]) => line({ id, value })).join(''));
  renameSync(`${path}.new`, path);
  const file = openSync(path, 'a');
  return {
    left,
    add: (entries) => {
      writeSync(file, entries.map(([id, value]) => line({ id, value })).join(''));
    },
    done: (id) => {
      writeSync(file, line({ done: id }));
    },
    close: () => closeSync(file),
  };
}

function replay<T>(path: string, parse: (value: unknown) => T | undefined): Map<string, T> {
  const left = new Map<string, T>();
  for (const written of linesOf(path)) {
    const { id, value, done } = record(parseLine(written));
    if (typeof done === 'string') left.delete(done);
    const parsed = text(id) === undefined ? undefined : parse(value);
    if (parsed !== undefined) left.set(String(id), parsed);
  }
  return left;
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** A line that the process was killed in the middle of was never acknowledged. */
function parseLine(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

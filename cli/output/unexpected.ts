/** Describes an unexpected error in one sentence, and writes its stack to a log, with the places in the sources. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, relative, resolve } from 'node:path';
import { shorten, TokenwrightError } from '../../lib/base/error.ts';
import { CLONE } from '../stack/clone.ts';

/** Messages for the codes of the operating system. */
const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: 'this is not permitted',
  EEXIST: 'there is a file of this name, not a folder',
  EISDIR: 'this is a folder, not a file',
  EMFILE: 'too many files are open',
  ENOENT: 'there is no such file',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'this lies below a file, not a folder',
  EPERM: 'this is not permitted',
  EROFS: 'the disk takes no changes',
};

/** Makes the refusal of a file that cannot be read. */
export function unreadableFile(file: string, cause: unknown): TokenwrightError {
  return new TokenwrightError('bad_file', `${file} cannot be read: ${reasonOf(cause)}`, { given: file }, { cause });
}

/** Tells why a file cannot be read or written: `there is no such file (ENOENT)`. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return SYSTEM[code] === undefined ? code : `${SYSTEM[code]} (${code})`;
}

/** Turns an unexpected error into one sentence with a code. */
export function inOneSentence(error: unknown): TokenwrightError {
  if (!(error instanceof Error)) return new TokenwrightError('unexpected', shorten(String(error)));
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && SYSTEM[code])
    return new TokenwrightError('system_error', reasonOf(error), path ? { path } : {});
  if ('$fault' in error) return new TokenwrightError('aws_error', `${error.name}: ${firstLine(error.message)}`);
  return new TokenwrightError('unexpected', `${error.name}: ${firstLine(error.message)}`);
}

/** Appends the stack to a log. @returns the file; undefined if no folder is writable */
export function writeLog(error: unknown): string | undefined {
  for (const folder of ['.tokenwright', tmpdir()]) {
    const file = resolve(folder, 'errors.log');
    try {
      mkdirSync(folder, { recursive: true });
      appendFileSync(file, `${new Date().toISOString()} ${process.argv.slice(2, 4).join(' ')}\n${stackOf(error)}\n`, {
        mode: 0o600,
      });
      return file;
    } catch {
      // The disk is full, or the folder belongs to another user: the next folder is tried.
    }
  }
  return undefined;
}

/** Returns the stack of an error. In the compiled command line, too, it has the places in the sources. */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.name}: ${firstLine(error.message)}\n${frames.map(inSources).join('\n')}${cause}`;
}

const firstLine = (text: string): string => shorten(text.split('\n')[0] ?? '');

/** Replaces a place in the compiled file by the place in the sources. */
function inSources(frame: string): string {
  const [place, file = '', line, column] = /([^\s()]+\.cjs):(\d+):(\d+)/.exec(frame) ?? [];
  const map = place === undefined ? undefined : mapOf(file);
  if (map === undefined) return frame.replace(`file://${CLONE}/`, '');
  const found = map.findEntry(Number(line) - 1, Number(column) - 1);
  if (!('originalSource' in found)) return frame;
  const source = relative(CLONE, resolve(dirname(file), found.originalSource));
  return frame.replace(place ?? '', `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`);
}

const maps = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  const path = `${file}.map`;
  if (!maps.has(file)) {
    maps.set(file, existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : undefined);
  }
  return maps.get(file);
}

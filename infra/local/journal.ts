/**
 * Keeps pending entries by id; with a data folder also in a file: one JSON line when an entry is added, one when it is
 * done. A line is written before the caller is answered, so acknowledged entries survive a killed process. Opening the
 * journal rewrites the file without the entries that are done. Events may contain secrets (the response of an outcome),
 * so entries are encrypted, as on AWS.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { record, text } from './json.ts';

export interface Journal<T> {
  /** The entries that the former process left pending. */
  readonly left: ReadonlyMap<string, T>;
  add(entries: readonly (readonly [id: string, value: T])[]): void;
  done(id: string): void;
  close(): void;
}

/** The path of a journal, and the secret of the stack, under which it is encrypted. */
export interface JournalFile {
  readonly path: string;
  readonly secret: Buffer;
}

/**
 * Opens a journal; without a file, entries are lost with the process.
 *
 * @param parse answers undefined for a value that is none
 */
export function openJournal<T>(at: JournalFile | undefined, parse: (value: unknown) => T | undefined): Journal<T> {
  if (at === undefined) return { left: new Map(), add: () => {}, done: () => {}, close: () => {} };
  const { path, secret } = at;
  const { seal, open } = sealedBy(secret);
  mkdirSync(dirname(path), { recursive: true });
  const left = replay(path, (value) => parse(open(value)));
  const entry = ([id, value]: readonly [string, T]): string => line({ id, value: seal(value) });
  writeFileSync(`${path}.new`, [...left].map(entry).join(''), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  const file = openSync(path, 'a');
  return {
    left,
    add: (entries) => {
      writeSync(file, entries.map(entry).join(''));
    },
    done: (id) => {
      writeSync(file, line({ done: id }));
    },
    close: () => closeSync(file),
  };
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts with AES-256-GCM; decrypting anything else answers undefined. */
function sealedBy(secret: Buffer) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'tokenwright local journal', 32));
  return {
    seal(value: unknown): string {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(value: unknown): unknown {
      const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const sealed = bytes.subarray(NONCE_BYTES + TAG_BYTES);
        return JSON.parse(Buffer.concat([decipher.update(sealed), decipher.final()]).toString()) as unknown;
      } catch {
        return undefined;
      }
    },
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

/** Ignores an incomplete line: the process was killed while writing it, before it acknowledged the entry. */
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

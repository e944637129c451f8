/**
 * A zip file that depends on nothing but its entries: no time, no owner, no order of the file system. The same code
 * gives the same bytes, so that deploying it again changes nothing.
 * Format: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record).
 */
import { crc32, deflateRawSync } from 'node:zlib';
import type { BundleFile } from './bundle.ts';

const VERSION = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
const MODE_FILE_0644 = (0o100644 << 16) >>> 0;
/** 1980-01-01 00:00, the first date that the format can say. */
const EPOCH = { time: 0, date: (1 << 5) | 1 };

/** Packs `files` in the order given. */
export function zip(files: readonly BundleFile[]): Buffer {
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content } of files) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(content, { level: 9 });
    const common = commonFields(name, content, packed);
    const local = Buffer.concat([uint32(0x04034b50), uint16(VERSION), common, uint16(0), name, packed]);
    entries.push(local);
    directory.push(
      Buffer.concat([
        ...[uint32(0x02014b50), uint16(MADE_BY_UNIX), uint16(VERSION), common],
        ...[uint16(0), uint16(0), uint16(0), uint16(0)], // extra field, comment, disk, internal attributes
        ...[uint32(MODE_FILE_0644), uint32(offset), name],
      ]),
    );
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const count = uint16(files.length);
  const end = [
    uint32(0x06054b50),
    uint16(0),
    uint16(0),
    count,
    count,
    uint32(central.length),
    uint32(offset),
    uint16(0),
  ];
  return Buffer.concat([...entries, central, ...end]);
}

/** From the flags to the length of the name: the same in both headers. */
function commonFields(name: Buffer, content: Uint8Array, packed: Buffer): Buffer {
  return Buffer.concat([
    ...[uint16(UTF8_NAMES), uint16(DEFLATED), uint16(EPOCH.time), uint16(EPOCH.date)],
    ...[uint32(crc32(content)), uint32(packed.length), uint32(content.length), uint16(name.length)],
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

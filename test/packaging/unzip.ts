/** Reads a zip file by its central directory, checking each entry's length and checksum: enough for our own packages. */
import { crc32, inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const END_LENGTH = 22;

/** The entries by path. @throws Error where the file is damaged */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.length - END_LENGTH;
  if (archive.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error('no zip file, or one with a comment');
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = archive.readUInt16LE(at + 28);
    const path = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const header = archive.readUInt32LE(at + 42);
    const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const content = inflateRawSync(archive.subarray(start, start + archive.readUInt32LE(at + 20)));
    if (content.length !== archive.readUInt32LE(at + 24) || crc32(content) !== archive.readUInt32LE(at + 16)) {
      throw new Error(`${path} is damaged`);
    }
    files.set(path, content);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

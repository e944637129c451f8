/**
 * The name under which a tokeninfo key is stored. Any text is a key, `__proto__` too; but the SDK and zod build plain
 * objects by assignment, which would lose that one name. So it is stored with a `%` before it, and so that every key
 * has a name of its own, keys that look like such a name get one more.
 */
const LOST = /^%*__proto__$/;

type Entries<T> = Readonly<Record<string, T>>;

/** Keys become the names that are stored. */
export function storedInfo<T>(info: Entries<T>): Record<string, T> {
  return renamed(info, (key) => (LOST.test(key) ? `%${key}` : key));
}

/** Stored names become keys again. */
export function readInfo<T>(stored: Entries<T>): Record<string, T> {
  return renamed(stored, (name) => (LOST.test(name) ? name.slice(1) : name));
}

function renamed<T>(entries: Entries<T>, rename: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [rename(key), value]));
}

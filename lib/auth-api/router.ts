/**
 * Finds the operation of a path. Paths are the same with and without a slash at their end, behind `/iam` (signed
 * requests) and behind `/k/KEY` (an API key in the path, since every client's URL can be configured).
 */
import { unknownPath, wrongMethod } from './fault.ts';

export interface Found<T> {
  readonly operation: T;
  /** The open parts of the path, decoded once. */
  readonly path: Readonly<Record<string, string>>;
  /** The API key in the path. */
  readonly key: string | null;
}

/**
 * @param operations by method and path, as in `DELETE /token/{serial}`
 * @throws ApiFault 404, or 405 where the path has other methods
 */
export function findOperation<T>(operations: Readonly<Record<string, T>>, method: string, path: string): Found<T> {
  const { key, parts } = split(path);
  const allowed: string[] = [];
  let found: Found<T> | undefined;
  for (const [route, operation] of Object.entries(operations)) {
    const [routeMethod = '', routePath = ''] = route.split(' ');
    const open = match(routePath.slice(1).split('/'), parts);
    if (open === null) continue;
    allowed.push(routeMethod);
    const isCloser = found === undefined || Object.keys(open).length < Object.keys(found.path).length;
    if (routeMethod === method && isCloser) found = { operation, path: open, key };
  }
  if (found) return found;
  throw allowed.length > 0 ? wrongMethod([...new Set(allowed)]) : unknownPath();
}

function split(path: string): { readonly key: string | null; readonly parts: readonly string[] } {
  const parts = path.replace(/^\//, '').replace(/\/$/, '').split('/').map(decode);
  if (parts[0] === 'k' && parts.length > 2) return { key: parts[1] ?? null, parts: parts.slice(2) };
  return { key: null, parts: parts[0] === 'iam' ? parts.slice(1) : parts };
}

function match(wanted: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (wanted.length !== parts.length) return null;
  const open: Record<string, string> = {};
  for (const [index, name] of wanted.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith('{') && part !== '') open[name.slice(1, -1)] = part;
    else if (name !== part) return null;
  }
  return open;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

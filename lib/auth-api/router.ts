/**
 * Finds the operation of a path. A path means the same with and without a slash at its end, after `/iam` (signed
 * requests) and after `/k/KEY` (an API key in the URL, which every client can be configured with).
 */
import { unknownPath, wrongMethod } from './fault.ts';

export interface Found<T> {
  readonly operation: T;
  /** The variable parts of the path, decoded once. */
  readonly path: Readonly<Record<string, string>>;
  /** The API key in the path; `null`: there is none. */
  readonly key: string | null;
}

/**
 * Finds the operation; of several routes the one with the fewest variable parts.
 *
 * @param operations by method and path, as in `DELETE /token/{serial}`
 * @throws ApiFault 404, or 405 where the path has other methods only
 */
export function findOperation<T>(operations: Readonly<Record<string, T>>, method: string, path: string): Found<T> {
  const { key, parts } = split(path);
  const allowed: string[] = [];
  let found: Found<T> | undefined;
  for (const [route, operation] of Object.entries(operations)) {
    const [routeMethod = '', routePath = ''] = route.split(' ');
    const variables = match(routePath.slice(1).split('/'), parts);
    if (variables === null) continue;
    allowed.push(routeMethod);
    const isCloser = found === undefined || Object.keys(variables).length < Object.keys(found.path).length;
    if (routeMethod === method && isCloser) found = { operation, path: variables, key };
  }
  if (found) return found;
  throw allowed.length > 0 ? wrongMethod([...new Set(allowed)]) : unknownPath();
}

function split(path: string): { readonly key: string | null; readonly parts: readonly string[] } {
  const parts = path.replace(/^\//, '').replace(/\/$/, '').split('/').map(decode);
  if (parts[0] === 'k' && parts.length > 2) return { key: parts[1] ?? null, parts: parts.slice(2) };
  return { key: null, parts: parts[0] === 'iam' ? parts.slice(1) : parts };
}

/** Matches the parts of a route. @returns the values of its variable parts; `null`: the path is another */
function match(route: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (route.length !== parts.length) return null;
  const variables: Record<string, string> = {};
  for (const [index, name] of route.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith('{') && part !== '') variables[name.slice(1, -1)] = part;
    else if (name !== part) return null;
  }
  return variables;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

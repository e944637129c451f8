/**
 * Event patterns of Amazon EventBridge, as AWS's own engine matches them (measured: test/event-pattern.json). A pattern
 * is parsed once: `$or` multiplies it into branches, a branch is a list of fields, a field a list of matchers.
 * An event matches a branch when every field is met by leaves that don't stand in different elements of one array.
 */
import { type Fields, fieldsOf, isObject, join, type Membership, NOWHERE } from './fields.ts';
import { type Matcher, operatorNames, parseMatchers } from './matcher.ts';
import { PatternError } from './pattern-error.ts';

export { PatternError } from './pattern-error.ts';

type Branch = ReadonlyMap<string, readonly Matcher[]>;
/** The fields of a branch in the engine's order: whether a field is absent depends on what was met before it. */
type Steps = readonly (readonly [path: string, matchers: readonly Matcher[]])[];

const reservedInOr: ReadonlySet<string> = new Set([...operatorNames, '=', '<', '<=', '>', '>=', 'regex']);

/**
 * Compiles an event pattern into a test of events.
 *
 * @param pattern the pattern as parsed from JSON
 * @throws PatternError where EventBridge would refuse the pattern
 * @example
 * compilePattern({ source: [{ 'anything-but': ['tokenwright'] }] })({ source: 'privacyidea' }); // true
 */
export function compilePattern(pattern: unknown): (event: object) => boolean {
  const branches = parseObject(pattern, '', [new Map()], false).map(stepsOf);
  return (event) => {
    const fields = fieldsOf(event);
    return branches.some((steps) => matches(steps, 0, fields, NOWHERE));
  };
}

function parseObject(pattern: unknown, prefix: string, branches: readonly Branch[], inOr: boolean): readonly Branch[] {
  const entries = isObject(pattern) ? Object.entries(pattern) : [];
  if (entries.length === 0) throw new PatternError(prefix, pattern, 'an object with at least one field');
  let current = branches;
  for (const [key, value] of entries) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (key === '$or') current = parseOr(value, prefix, current);
    else if (inOr && reservedInOr.has(key)) throw new PatternError(path, key, 'the name of a field, which $or needs');
    else if (isObject(value)) current = parseObject(value, path, current, inOr);
    else current = withField(current, path, parseMatchers(value, path));
  }
  return current;
}

/** Continues every branch with every alternative; what an alternative says of a field replaces what was said before. */
function parseOr(alternatives: unknown, prefix: string, branches: readonly Branch[]): readonly Branch[] {
  if (!Array.isArray(alternatives) || alternatives.length < 2) {
    throw new PatternError(prefix === '' ? '$or' : `${prefix}.$or`, alternatives, 'a list of at least two objects');
  }
  return alternatives.flatMap((alternative) => parseObject(alternative, prefix, branches, true));
}

function withField(branches: readonly Branch[], path: string, matchers: readonly Matcher[]): readonly Branch[] {
  return branches.map((branch) => new Map(branch).set(path, matchers));
}

function stepsOf(branch: Branch): Steps {
  return [...branch].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Tries every leaf for the field at `index`, and continues with the next field from each leaf that meets it. */
function matches(steps: Steps, index: number, fields: Fields, membership: Membership): boolean {
  const step = steps[index];
  if (step === undefined) return true;
  const [path, matchers] = step;
  const candidates = (fields.get(path) ?? []).flatMap(({ value, membership: own }) => {
    const joined = join(membership, own);
    return joined === undefined ? [] : [{ value, joined }];
  });
  return matchers.some((matcher) =>
    matcher === 'absent'
      ? candidates.length === 0 && matches(steps, index + 1, fields, membership)
      : candidates.some(({ value, joined }) => matcher(value) && matches(steps, index + 1, fields, joined)),
  );
}

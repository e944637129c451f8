/**
 * Validates input: turns `unknown` into a typed value or a list of all errors. zod finds the errors; the messages are
 * written here, for the people who have to act on them.
 */
import * as z from 'zod/mini';
import type { ErrorCode } from '../base/codes.ts';
import { joinPath, shorten, TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { didYouMean } from './closest.ts';
import { isSecretPath } from './secret-names.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: TokenwrightError[] };

/** All errors of one input. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly errors: readonly TokenwrightError[];

  constructor(errors: readonly TokenwrightError[]) {
    super(errors.map(describeError).join('\n'));
    this.errors = errors;
  }
}

/** Describes an error in one line: `path: message`. */
export function describeError(error: TokenwrightError): string {
  return error.details.path ? `${error.details.path}: ${error.message}` : error.message;
}

/**
 * Checks a value against a schema.
 *
 * @param code the stable code of an error that has no code of its own (`transformWith` keeps the code of a `TokenwrightError`)
 */
export function check<S extends z.ZodMiniType>(schema: S, value: unknown, code: ErrorCode): Parsed<z.output<S>> {
  const result = z.safeParse(schema, value, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, errors: result.error.issues.flatMap((issue) => toErrors(issue, code, '', schema)) };
}

/** Checks a value, and returns it. @throws Refusal with all errors */
export function parse<S extends z.ZodMiniType>(schema: S, value: unknown, code: ErrorCode): z.output<S> {
  const result = check(schema, value, code);
  if (!result.ok) throw new Refusal(result.errors);
  return result.value;
}

/** Makes a transform whose `TokenwrightError` becomes an issue with the same code and message. */
export function transformWith<In, Out>(convert: (value: In) => Out): z.ZodMiniTransform<Out, In> {
  return z.transform((value: In, context: z.core.ParsePayload) => {
    try {
      return convert(value);
    } catch (error) {
      if (!(error instanceof TokenwrightError)) throw error;
      context.issues.push({ code: 'custom', message: error.message, params: { error }, input: value });
      return z.NEVER as never;
    }
  }) as z.ZodMiniTransform<Out, In>;
}

function toErrors(
  issue: z.core.$ZodIssue,
  code: ErrorCode,
  prefix: string,
  schema?: z.core.$ZodType,
): TokenwrightError[] {
  const path = joinPath(prefix, formatPath(issue.path));
  if (issue.code === 'custom') {
    const own: unknown = issue.params?.error;
    if (own instanceof TokenwrightError) return [path === '' ? own : own.under(path)];
    return [refuse(code, issue.message || 'is not valid', path, issue.input)];
  }
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAt(schema, issue.path);
    return issue.keys.map((key) => unknownKey(code, key, joinPath(path, key), allowed));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) => refuse(code, `has a name that ${describe(inner)}`, path, undefined));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that got furthest describes the error best: into the value, or to a message of our own.
    const furthest =
      issue.errors.find((branch) => branch.some((inner) => inner.path.length > 0)) ??
      issue.errors.find((branch) => branch.some((inner) => inner.code === 'custom'));
    if (furthest) return furthest.flatMap((inner) => toErrors(inner, code, path));
  }
  if (issue.code === 'invalid_value') return [notOneOf(code, issue.values, path, issue.input)];
  return [refuse(code, describe(issue), path, isWholesale(issue) ? undefined : issue.input)];
}

/** Tells whether fields were expected: a text in their place may contain all of them, secrets included. */
function isWholesale(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && ['object', 'record', 'array'].includes(issue.expected);
}

function notOneOf(code: ErrorCode, values: readonly unknown[], path: string, given: unknown): TokenwrightError {
  const allowed = values.map(String);
  const hint = typeof given === 'string' ? didYouMean(given, allowed) : '';
  const list = values.map((value) => JSON.stringify(value)).join(', ');
  const message = `must be one of ${list}${hint}`;
  return refuse(code, message, path, given, allowed);
}

function unknownKey(code: ErrorCode, key: string, path: string, allowed: readonly string[]): TokenwrightError {
  const message = `"${key}" is not known here${didYouMean(key, allowed)}`;
  return new TokenwrightError(code, message, allowed.length > 0 ? { path, allowed } : { path });
}

/** Returns the keys that a schema allows at a path; empty if they are unknown. */
function keysAt(schema: z.core.$ZodType | undefined, path: readonly PropertyKey[]): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes | undefined)?._zod ?? {};
  if (def === undefined) return [];
  if (def.type === 'optional' || def.type === 'nullable' || def.type === 'default') return keysAt(def.innerType, path);
  const [key, ...rest] = path;
  if (def.type === 'array') return keysAt(def.element, rest);
  if (def.type !== 'object') return [];
  return key === undefined ? Object.keys(def.shape) : keysAt(def.shape[String(key)], rest);
}

/** Makes an error. `given` gets into logs and outcomes, so long values are shortened and secrets left out. */
function refuse(
  code: ErrorCode,
  message: string,
  path: string,
  given: unknown,
  allowed?: readonly string[],
): TokenwrightError {
  const isShown = !isObject(given) && !isSecretPath(path);
  return new TokenwrightError(code, message, {
    ...(path === '' ? {} : { path }),
    ...(isShown && given !== undefined ? { given: typeof given === 'string' ? shorten(given) : given } : {}),
    ...(allowed ? { allowed } : {}),
  });
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return `is required (${NOUNS[issue.expected] ?? issue.expected})`;
    return `must be ${withArticle(issue.expected)}, not ${typeName(issue.input)}`;
  }
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_format')
    return issue.message && issue.message !== 'Invalid input' ? issue.message : `is not a valid ${issue.format}`;
  if (issue.code === 'invalid_union' && issue.input === undefined) return 'is required';
  if (issue.code === 'invalid_union') {
    const expected = issue.errors.flat().map((inner) => (inner.code === 'invalid_type' ? inner.expected : null));
    if (expected.every((type) => type !== null)) {
      return `must be ${expected.map(withArticle).join(' or ')}, not ${typeName(issue.input)}`;
    }
  }
  if (issue.code === 'invalid_union') return 'has none of the forms allowed here';
  return issue.message;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}

/** Common names for zod's types. */
const NOUNS: Readonly<Record<string, string>> = { record: 'object', int: 'integer' };

function withArticle(type: string): string {
  const noun = NOUNS[type] ?? type;
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : withArticle(typeof value);
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((sum, key) => joinPath(sum, typeof key === 'number' ? `[${key}]` : String(key)), '');
}

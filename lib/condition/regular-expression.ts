/**
 * Compiles regular expressions for a linear-time engine (RE2, https://github.com/google/re2/wiki/Syntax, without
 * look-around and back-references), because the texts come from strangers. The engine is large, so it is loaded only when
 * a definition needs it.
 */
import type { RE2JS } from 're2js';
import { badCondition } from './condition.ts';

/** `start`: from the first character, not to the last; `search`: anywhere; `whole`: from first to last. */
export type MatchMode = 'start' | 'search' | 'whole';

/** The accepted syntax, for people. */
export const EXPRESSION_SYNTAX = 'a regular expression of RE2 (no look-ahead, look-behind or back-reference)';

let engine: typeof RE2JS | undefined;

/** Loads the engine, once a process. */
export async function loadRegularExpressions(): Promise<void> {
  engine ??= (await import('re2js')).RE2JS;
}

/**
 * Compiles an expression of Python's dialect as far as RE2 shares it; `\Z` is its `\z`.
 *
 * @throws TokenwrightError `bad_condition` for one that the engine refuses
 * @throws Error if `loadRegularExpressions` was not awaited before
 */
export function compileRegularExpression(source: string, mode: MatchMode): (text: string) => boolean {
  if (!engine) throw new Error('regular expressions are not loaded: await loadRegularExpressions() first');
  const expression = compile(engine, source);
  if (mode === 'start') return (text) => expression.matcher(text).lookingAt();
  if (mode === 'whole') return (text) => expression.testExact(text);
  return (text) => expression.test(text);
}

function compile(loaded: typeof RE2JS, source: string): RE2JS {
  try {
    return loaded.compile(source.replace(/\\[\s\S]/g, (pair) => (pair === '\\Z' ? '\\z' : pair)));
  } catch (error) {
    throw badCondition(
      `the regular expression "${source}" is refused: ${explain(source, error)}`,
      source,
      EXPRESSION_SYNTAX,
      { cause: error },
    );
  }
}

function explain(source: string, error: unknown): string {
  if (/\(\?<?[=!]/.test(source)) return 'look-ahead and look-behind cannot be matched in linear time';
  if (/\\[1-9]|\(\?P=|\\k</.test(source)) return 'back-references cannot be matched in linear time';
  return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it cannot be read';
}

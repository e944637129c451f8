/** Parses the options of a step for its action. The secrets of a definition are opened first. */
import type { AnyAction } from '../action/action.ts';
import { parseOptions } from '../action/options.ts';
import { TokenwrightError } from '../base/error.ts';
import type { Definition } from '../definition/definition.ts';
import { holdsSealed, openOptions } from '../definition/sealed-options.ts';
import type { SecretBox } from '../secret/box.ts';

/** Parsed options, or why they cannot be parsed. */
export type StepOptions =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: TokenwrightError };

/** Parses options without sealed secrets. A step fails with the first of their errors. */
export function readOptions(action: AnyAction, options: Readonly<Record<string, unknown>>): StepOptions {
  const parsed = parseOptions(action, options);
  if (parsed.ok) return parsed;
  const [first] = parsed.errors;
  return {
    ok: false,
    error: (first ?? new TokenwrightError('bad_option', 'the options cannot be read')).under('options'),
  };
}

/** Caches parsed options per definition version. Options with secrets are never cached. */
const cached = new WeakMap<Definition, StepOptions>();

/** Parses a definition's options. @param box opens its secrets @throws transient errors in opening them */
export async function optionsOf(definition: Definition, action: AnyAction, box: SecretBox): Promise<StepOptions> {
  const known = cached.get(definition);
  if (known) return known;
  const { id, options } = definition;
  try {
    const read = readOptions(action, await openOptions(options, id, box));
    if (!holdsSealed(options)) cached.set(definition, read);
    return read;
  } catch (error) {
    if (error instanceof TokenwrightError) return { ok: false, error: error.under('options') };
    throw error;
  }
}

/** The options of a step, read for its action; of a definition in the clear, and once where they hold no secret. */
import type { AnyAction } from '../action/action.ts';
import { parseOptions } from '../action/options.ts';
import { TokenwrightError } from '../base/error.ts';
import type { Definition } from '../definition/definition.ts';
import { holdsSealed, openOptions } from '../definition/sealed-options.ts';
import type { SecretBox } from '../secret/box.ts';
import type { Step } from './update-token.ts';

/** Reads given options. A step fails by the first of their faults. */
export function readOptions(action: AnyAction, options: Readonly<Record<string, unknown>>): Step['options'] {
  const parsed = parseOptions(action, options);
  if (parsed.ok) return parsed;
  const [first] = parsed.errors;
  return {
    ok: false,
    error: (first ?? new TokenwrightError('bad_option', 'the options cannot be read')).under('options'),
  };
}

/** A version never changes, so its options are read once; what holds secrets is opened each time, and kept nowhere. */
const readBefore = new WeakMap<Definition, Step['options']>();

/** Reads a definition's options. @throws whatever is transient in opening its secrets */
export async function optionsOf(definition: Definition, action: AnyAction, box: SecretBox): Promise<Step['options']> {
  const known = readBefore.get(definition);
  if (known) return known;
  const { id, options } = definition;
  try {
    const read = readOptions(action, await openOptions(options, id, box));
    if (!holdsSealed(options)) readBefore.set(definition, read);
    return read;
  } catch (error) {
    if (error instanceof TokenwrightError) return { ok: false, error: error.under('options') };
    throw error;
  }
}

/**
 * Replaces masks in files by the stored secrets, so that an export without secrets can be changed and applied again. A mask
 * without a stored secret is refused.
 */
import { isDeepStrictEqual } from 'node:util';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { MASK } from '../schema/secret-names.ts';
import type { SecretBox } from '../secret/box.ts';
import { uncheckedFields } from './header.ts';
import type { InputDefinition } from './input.ts';
import { openOptions } from './sealed-options.ts';
import { maskOption } from './secret-options.ts';

/**
 * Replaces the masks.
 *
 * @param bodies the current definitions by id
 * @param box opens the stored secrets; without it there are none
 */
export async function unmask(
  inputs: readonly InputDefinition[],
  bodies: ReadonlyMap<number, unknown>,
  box: SecretBox | undefined,
): Promise<{ readonly inputs: InputDefinition[]; readonly errors: TokenwrightError[] }> {
  const errors: TokenwrightError[] = [];
  const unmasked = inputs.map(async (one) => {
    const { value, path, file } = one;
    const options = optionsOf(value);
    if (!isObject(value) || !Object.values(options).some(isMasked)) return one;
    const id = Number(value.id ?? 0);
    const present = box ? await openOptions(optionsOf(bodies.get(id)), id, box) : {};
    const filled = Object.entries(options).map(([name, option]) => {
      if (!isMasked(option)) return [name, option];
      if (isDeepStrictEqual(maskOption(name, present[name]), option)) return [name, present[name]];
      errors.push(noSecret({ path: `${path}.options.${name}`, ...(file === undefined ? {} : { file }) }));
      return [name, option];
    });
    return { ...one, value: { ...value, options: Object.fromEntries(filled) } };
  });
  return { inputs: await Promise.all(unmasked), errors };
}

function isMasked(option: unknown): boolean {
  return JSON.stringify(option ?? null).includes(MASK);
}

function optionsOf(body: unknown): Readonly<Record<string, unknown>> {
  return uncheckedFields(uncheckedFields(body).options);
}

function noSecret(where: { readonly path: string; readonly file?: string }): TokenwrightError {
  const message = 'is masked, and there is no secret here that the mask could stand for';
  return new TokenwrightError('masked_secret', message, {
    ...where,
    allowed: 'the secret itself, as export --secrets has it',
  });
}

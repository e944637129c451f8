/**
 * Seals and opens the secret options of definitions (`otpkey`, `pin`, ... of "enroll"). A sealed value is bound to its
 * definition and option, and stored as `{ "sealed": "base64url" }`. Only the function that runs the action opens it;
 * dispatch has no right to.
 */

import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { isRecord } from '../base/object.ts';
import { isSecretOption, mentionsSecretOption } from '../schema/secret-names.ts';
import type { SecretBox } from '../secret/box.ts';
import type { Definition } from './definition.ts';

const Sealed = z.strictObject({ sealed: z.string() });
type OptionValues = Readonly<Record<string, unknown>>;
type Convert = (value: unknown, option: string) => Promise<unknown>;

/** Seals the secrets of definitions. Sealing the same secret again gives the same value, so changes can be detected. */
export function sealDefinitions(definitions: readonly Definition[], box: SecretBox): Promise<Definition[]> {
  return Promise.all(
    definitions.map(async (one) => ({ ...one, options: { ...(await seal(one.options, one.id, box)) } })),
  );
}

/** Seals the secrets of options that are not sealed yet. */
async function seal(options: OptionValues, definition: number, box: SecretBox): Promise<OptionValues> {
  return mapSecrets(options, async (value, option) => {
    if (isSealed(value)) return value;
    const plain = new TextEncoder().encode(JSON.stringify(value));
    const sealed = await box.seal(plain, { purpose: 'definition', definition, option });
    return { sealed: Buffer.from(sealed).toString('base64url') };
  });
}

/** Opens the sealed options. @throws TokenwrightError `bad_secret` with the option's path */
export async function openOptions(options: OptionValues, definition: number, box: SecretBox): Promise<OptionValues> {
  return mapSecrets(options, async (value, option) => {
    const sealed = z.safeParse(Sealed, value);
    if (!sealed.success) return value;
    try {
      const context = { purpose: 'definition', definition, option } as const;
      const plain = await box.open(Buffer.from(sealed.data.sealed, 'base64url'), context);
      return JSON.parse(new TextDecoder().decode(plain)) as unknown;
    } catch (error) {
      throw error instanceof TokenwrightError ? error.under(option) : error;
    }
  });
}

/** Opens the sealed options of a stored definition. @throws TokenwrightError `bad_secret` */
export async function openBody(body: unknown, definition: number, box: SecretBox): Promise<unknown> {
  if (!isRecord(body) || !isRecord(body.options)) return body;
  return { ...body, options: await openOptions(body.options, definition, box) };
}

/** Seals again under the newest key. @returns the new body; `undefined` if nothing changes */
export async function resealBody(
  body: unknown,
  definition: number,
  box: SecretBox,
): Promise<{ readonly options: OptionValues } | undefined> {
  if (!isRecord(body) || !isRecord(body.options)) return undefined;
  const options = await seal(await openOptions(body.options, definition, box), definition, box);
  return JSON.stringify(options) === JSON.stringify(body.options) ? undefined : { ...body, options };
}

/** @throws TokenwrightError `unsealed_secret` if a secret would be stored unsealed */
export function requireSealed(body: unknown): void {
  if (!isRecord(body) || !isRecord(body.options)) return;
  const [option] = unsealedNames(body.options);
  if (option === undefined) return;
  throw new TokenwrightError('unsealed_secret', `"${option}" is secret, and cannot be sealed here`, {
    path: `options.${option}`,
    allowed: 'npx tokenwright definitions set, or apply',
  });
}

/** Returns the names of unsealed secrets, at any depth. */
function unsealedNames(options: OptionValues): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (isSealed(value)) return [];
    if (isSecret(name, value)) return [name];
    return isRecord(value) ? unsealedNames(value) : [];
  });
}

/**
 * Changes every secret or sealed option, at any depth.
 *
 * @param prefix of the option's name, as in `additional_params.`
 */
async function mapSecrets(options: OptionValues, change: Convert, prefix = ''): Promise<OptionValues> {
  const entries = Object.entries(options).map(async ([name, value]) => {
    const option = prefix + name;
    if (isSealed(value) || isSecret(name, value)) return [name, await change(value, option)];
    return [name, isRecord(value) ? await mapSecrets(value, change, `${option}.`) : value];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Tells whether an option is secret. An empty one is not; a text of parameters is if it holds a secret. */
function isSecret(name: string, value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false;
  if (isSecretOption(name)) return true;
  return name === 'additional_params' && typeof value === 'string' && mentionsSecretOption(value);
}

/** Tells whether a value is a sealed option, as it is stored. */
export function isSealed(value: unknown): boolean {
  return isRecord(value) && z.safeParse(Sealed, value).success;
}

/** Tells whether any of the options is sealed, at any depth. */
export function holdsSealed(options: OptionValues): boolean {
  return Object.values(options).some((value) => isSealed(value) || (isRecord(value) && holdsSealed(value)));
}

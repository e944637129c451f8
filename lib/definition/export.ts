/**
 * Exports definitions in the form that privacyIDEA imports. Its import needs the column `condition`, which is always
 * empty, and refuses unknown keys: a key that only Tokenwright knows is exported only if it differs from its default.
 */

import { check } from '../schema/validate.ts';
import type { SecretBox } from '../secret/box.ts';
import { Definition } from './definition.ts';
import type { Bodies } from './diff.ts';
import { openOptions } from './sealed-options.ts';
import { maskSecrets } from './secret-options.ts';

export interface ExportedDefinitions {
  readonly event: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Returns the fields that only Tokenwright knows, without defaults. Newer versions of privacyIDEA know
 * `abort_on_error`.
 */
function ownFieldsOf({ unless, when_missing, abort_on_error, target, confirm }: Definition): [string, unknown][] {
  return [
    ...(Object.keys(unless).length === 0 ? [] : [['unless', unless] as [string, unknown]]),
    ...(when_missing === 'hold' ? [] : [['when_missing', when_missing] as [string, unknown]]),
    ...(abort_on_error ? [['abort_on_error', true] as [string, unknown]] : []),
    ...(target === 'current' ? [] : [['target', target] as [string, unknown]]),
    ...(confirm ? [['confirm', true] as [string, unknown]] : []),
  ];
}

/**
 * Exports definitions.
 *
 * @param box opens the secrets; with `null` they are masked
 * @returns the export; `left` describes what is not in it
 */
export async function exportDefinitions(
  bodies: Bodies,
  box: SecretBox | null,
): Promise<{ readonly exported: ExportedDefinitions; readonly left: readonly string[] }> {
  const event: Record<string, unknown>[] = [];
  const left: string[] = [];
  for (const [id, body] of bodies) {
    const read = check(Definition, body, 'bad_definition');
    if (read.ok) event.push(await exportDefinition(read.value, box));
    else left.push(`left out: #${id} cannot be read`);
  }
  return { exported: { event }, left };
}

async function exportDefinition(definition: Definition, box: SecretBox | null): Promise<Record<string, unknown>> {
  const { id, name, active, ordering, position, event, handlermodule, action, options, conditions } = definition;
  return {
    ...{ id, name, active, ordering, position, event, handlermodule, action },
    ...{ condition: '', options: box ? await openOptions(options, id, box) : maskSecrets(options), conditions },
    ...Object.fromEntries(ownFieldsOf(definition)),
  };
}

/** Describes what privacyIDEA would not import of these definitions. */
export function unknownToPrivacyidea(bodies: Bodies): string[] {
  return [...bodies].flatMap(([id, body]) => {
    const read = check(Definition, body, 'bad_definition');
    if (!read.ok) return [];
    const { conditions } = read.value;
    const lists = Array.isArray(conditions) || Object.values(conditions).some(Array.isArray);
    const unknown = [...ownFieldsOf(read.value).map(([key]) => key), ...(lists ? ['lists in conditions'] : [])];
    return unknown.length === 0 ? [] : [`only Tokenwright reads of #${id}: ${unknown.join(', ')}`];
  });
}

/**
 * test/contract proves that what is announced fits the published JSON Schemas and types.
 *
 * Holds what is announced against the JSON Schemas that other projects read.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const FOLDER = join(import.meta.dirname, '../../docs/reference/schemas');
const ajv = new Ajv2020({ strict: false, allErrors: true });
const validators = new Map<string, ReturnType<typeof ajv.compile>>();

/** What of a value its schema does not allow, in words; empty where it fits. */
export function faultsBySchema(
  name: 'auth-event' | 'outcome' | 'bulk-summary' | 'definitions',
  value: unknown,
): string {
  const validate = validators.get(name) ?? ajv.compile(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')));
  validators.set(name, validate);
  return validate(value) ? '' : ajv.errorsText(validate.errors);
}

/** Reads the value of one parameter as a text or a number. */
import { parseInteger } from '../text/number.ts';
import { badParameter, missingParameter } from './fault.ts';
import type { RequestParameters } from './parameters.ts';

/** Reads a text; `undefined` if it is absent. @throws ApiFault 400 if JSON gives another kind of value */
export function textOf(parameters: RequestParameters, name: string): string | undefined {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw badParameter(`Parameter '${name}' must be a text.`);
}

/** Reads a text that must be present, and may be empty. @throws ApiFault 400 */
export function presentText(parameters: RequestParameters, name: string): string {
  const value = textOf(parameters, name);
  if (value !== undefined) return value;
  throw missingParameter(`'${name}'`);
}

/** Reads a text that must be present and not empty. @throws ApiFault 400 */
export function requiredText(parameters: RequestParameters, name: string): string {
  const value = textOf(parameters, name);
  if (value) return value;
  throw missingParameter(`'${name}'`);
}

/**
 * Reads a whole number, from a form or from JSON; `undefined` if it is absent or empty.
 *
 * @param least the least number that is allowed
 * @throws ApiFault 400
 */
export function numberOf(parameters: RequestParameters, name: string, least: number): number | undefined {
  const value = presentValue(parameters, name);
  if (value === undefined) return undefined;
  const number = typeof value === 'string' || typeof value === 'number' ? parseInteger(value) : null;
  if (number !== null && number >= least) return number;
  throw badParameter(`Parameter '${name}' must be a whole number, at least ${least}.`);
}

function presentValue(parameters: RequestParameters, name: string): unknown {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return value === '' ? undefined : value;
}

/** Values of conditions as definitions write them: text in privacyIDEA's exports, by hand also JSON's booleans and numbers. */
import { isExact } from '../text/json.ts';
import { badCondition } from './refuse.ts';

/**
 * The text that `Condition.parse` reads.
 *
 * @example
 * normaliseConditionValue(true) // 'True'
 * normaliseConditionValue(5) // '5'
 * @throws TokenwrightError `bad_condition` for anything that is neither text, boolean nor number
 */
export function normaliseConditionValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' && isExact(value)) return String(value);
  throw badCondition('a condition takes text, true, false or a number', value, 'text, true, false or a number');
}

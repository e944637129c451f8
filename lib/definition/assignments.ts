/** Computes what a definition assigns, by running its action's change on a token without an owner. */
import { findAction } from '../action/catalogue.ts';
import { parseOptions } from '../action/options.ts';
import { TokenwrightError } from '../base/error.ts';
import type { Effect } from '../token/effect.ts';
import { newRecord, viewToken } from '../token/record.ts';
import type { Definition } from './definition.ts';
import { isSealed } from './sealed-options.ts';

export interface Assignments {
  /** Attribute -> the value it gets, as text that can be compared. */
  readonly values: ReadonlyMap<string, string>;
  /** The error with which the action fails on every token, if any. */
  readonly failure: TokenwrightError | null;
}

const NONE: Assignments = { values: new Map(), failure: null };
/** The time does not matter: the values are only compared with those of other definitions. */
const CONTEXT = { now: 0, timezone: 'UTC', client_ip: null, user_agent: null, user: null };
const NOBODYS = viewToken(newRecord({ serial: 'NONE', tokentype: 'hotp' }));
/** The errors that follow from the options alone, if all of them are offsets. */
const OF_OPTIONS: ReadonlySet<string> = new Set(['bad_period']);

/**
 * Returns what a definition assigns; nothing for a creating action, and if the options are sealed or cannot be read.
 */
export function assignmentsOf({ action: name, options: written }: Pick<Definition, 'action' | 'options'>): Assignments {
  const action = findAction(name);
  if (!action || !('change' in action) || Object.values(written).some(isSealed)) return NONE;
  const options = parseOptions(action, written);
  if (!options.ok) return NONE;
  try {
    const effects: readonly Effect[] = action.change(NOBODYS, options.value, CONTEXT, {});
    return { values: new Map(effects.flatMap(assigned)), failure: null };
  } catch (error) {
    const fails =
      error instanceof TokenwrightError && OF_OPTIONS.has(error.code) && Object.values(written).every(isOffset);
    return { values: new Map(), failure: fails ? error : null };
  }
}

function assigned(effect: Effect): [string, string][] {
  if (effect.kind === 'assign') return [[effect.path, JSON.stringify(effect.value ?? null)]];
  return effect.kind === 'replace' ? [[effect.set, JSON.stringify(effect.members)]] : [];
}

function isOffset(option: unknown): boolean {
  return typeof option === 'string' && option.trim().startsWith('+');
}

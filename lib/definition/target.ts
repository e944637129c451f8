/**
 * Which tokens a definition acts on. `current`, `user` and `siblings` are found from the event; the states name tokens
 * of the whole stack, however many: that has to be meant, and takes longer than a caller waits.
 */
import { createsToken } from '../action/table.ts';
import { TokenwrightError } from '../base/error.ts';
import { TOKEN_STATES, type TokenState } from '../token/state.ts';

export const TARGETS = ['current', 'user', 'siblings', ...TOKEN_STATES] as const;
export type Target = (typeof TARGETS)[number];

/** The state whose tokens are meant; `null`: tokens that the event leads to. */
export function stateOf(target: Target | undefined): TokenState | null {
  return TOKEN_STATES.find((state) => state === target) ?? null;
}

/** What stands against a definition's target. An absent field is one that cannot be read. */
export function targetErrors(fields: {
  readonly target?: Target;
  readonly confirm?: boolean;
  readonly position?: 'pre' | 'post';
  readonly action?: string;
}): TokenwrightError[] {
  const { target, confirm, position, action } = fields;
  const errors: TokenwrightError[] = [];
  if (action !== undefined && createsToken(action) && target !== undefined && target !== 'current') {
    const message = `"${action}" makes one token an event, whatever tokens there are: a target says nothing to it`;
    errors.push(
      new TokenwrightError('bad_definition', message, { path: 'target', given: target, allowed: ['current'] }),
    );
  }
  const state = stateOf(target);
  if (state === null) return errors;
  if (position === 'pre') {
    const message = `nobody can wait for all ${state} tokens: the target "${state}" is for "post" only`;
    errors.push(new TokenwrightError('bad_definition', message, { path: 'position', given: 'pre', allowed: ['post'] }));
  }
  if (confirm === false) {
    const message = `the target "${state}" means every ${state} token of the stack: say so with "confirm": true`;
    errors.push(new TokenwrightError('bad_definition', message, { path: 'confirm', given: false, allowed: 'true' }));
  }
  return errors;
}

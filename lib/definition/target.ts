/**
 * The tokens that a definition acts on. `current`, `user` and `siblings` follow from the event. The states mean all tokens
 * of the stack in that state: that needs a confirmation, and takes longer than a caller waits.
 */
import { createsToken } from '../action/table.ts';
import { TokenwrightError } from '../base/error.ts';
import { TOKEN_STATES, type TokenState } from '../token/state.ts';

export const TARGETS = ['current', 'user', 'siblings', ...TOKEN_STATES] as const;
export type Target = (typeof TARGETS)[number];

/** Returns the state whose tokens are the target; `null` if the target follows from the event. */
export function stateOf(target: Target | undefined): TokenState | null {
  return TOKEN_STATES.find((state) => state === target) ?? null;
}

/** Returns the errors of a definition's target. An absent field is one that could not be read. */
export function targetErrors(fields: {
  readonly target?: Target;
  readonly confirm?: boolean;
  readonly position?: 'pre' | 'post';
  readonly action?: string;
}): TokenwrightError[] {
  const { target, confirm, position, action } = fields;
  const errors: TokenwrightError[] = [];
  if (action !== undefined && createsToken(action) && target !== undefined && target !== 'current') {
    const message = `"${action}" creates one token for each event, so that a target has no meaning`;
    errors.push(
      new TokenwrightError('bad_definition', message, { path: 'target', given: target, allowed: ['current'] }),
    );
  }
  const state = stateOf(target);
  if (state === null) return errors;
  if (position === 'pre') {
    const message = `the target "${state}" is allowed at "post" only: at "pre" the sender would have to wait for all ${state} tokens`;
    errors.push(new TokenwrightError('bad_definition', message, { path: 'position', given: 'pre', allowed: ['post'] }));
  }
  if (confirm === false) {
    const message = `the target "${state}" means every ${state} token of the stack: confirm it with "confirm": true`;
    errors.push(new TokenwrightError('bad_definition', message, { path: 'confirm', given: false, allowed: 'true' }));
  }
  return errors;
}

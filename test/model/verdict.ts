/** Predicts the outcome of one step on a token whose history is known. */
import { normal } from './announcements.ts';
import { changesBetween, isSuperseded, type ModelStep, tokenAfter } from './history.ts';
import { manualOf, unmetCondition } from './manual.ts';
import { NOW, type WorldToken } from './world.ts';

/** The prediction for a step; `null`: nothing is announced. */
export type Verdict = { status: string; code: string | null; changes: Record<string, unknown> | null } | null;

/** The order of verdicts. */
export function decide(start: WorldToken | undefined, history: readonly ModelStep[], step: ModelStep): Verdict {
  const { event, definition } = step;
  if (event.time > NOW + 300_000) return { status: 'failed', code: 'bad_time', changes: {} };
  const token = start && tokenAfter(start, history);
  if (!start || !token || token.deleted) return { status: 'failed', code: 'unknown_token', changes: {} };
  if (unmetCondition(definition, token, start.tokentype)) return { status: 'skipped', code: 'condition', changes: {} };
  const { refuses, onRevoked } = manualOf(definition);
  if (token.revoked && !onRevoked) return { status: 'failed', code: 'token_revoked', changes: {} };
  const refusal = refuses?.(definition.options);
  if (refusal) return { status: 'failed', code: refusal, changes: {} };
  if (isSuperseded(start, history, step)) return { status: 'skipped', code: 'superseded', changes: {} };
  const changes = changesBetween(token, tokenAfter(start, [...history, step]));
  return { status: 'done', code: null, changes: normal(changes) };
}

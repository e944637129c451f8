/** Formats outcomes for people: in colour on a terminal, plain in a pipe. */
import { styleText } from 'node:util';
import type { Definition } from '../../lib/definition/definition.ts';
import { BULK_SUMMARY, type BulkSummary } from '../../lib/event/bulk.ts';
import type { Outcome } from '../../lib/event/outcome.ts';

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Returns a painter that uses colour if the stream is a terminal. `NO_COLOR` and `FORCE_COLOR` are respected. */
export function colours(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

const MARKS = { done: ['green', '✔'], skipped: ['yellow', '–'], failed: ['red', '✘'] } as const;

/** Formats a number with its noun: `1 token`, `2 tokens`. @param what the singular */
export function count(number: number, what: string): string {
  return `${number} ${plural(number, what)}`;
}

/** Returns the singular or plural of a noun. @param what the singular */
export function plural(number: number, what: string): string {
  return number === 1 ? what : `${what}s`;
}

/** An outcome; it may have been stored by another version. */
type Described = Omit<Outcome, 'reason'> & {
  readonly reason: { readonly code: string; readonly message: string; readonly [more: string]: unknown } | null;
};

/** Describes an outcome: a line with status and reason, and a line for each field before and after. */
export function describeOutcome(outcome: Described, paint: Paint): string {
  const [colour, mark] = MARKS[outcome.status];
  const definition = outcome.definition ? `#${outcome.definition.id} ${outcome.definition.name}` : 'no definition';
  const head = [
    `  ${paint(colour, `${mark} ${outcome.status.padEnd(7)}`)}`,
    paint('bold', outcome.action ?? '-'),
    outcome.serial ?? '(no token)',
    paint('dim', `[${definition}]`),
  ].join(' ');
  return [head, ...details(outcome, paint)].join('\n');
}

/** Describes a run on all tokens of a state: how many were done, skipped or failed. */
export function describeBulk({ definition, action, target, stopped, tokens }: BulkSummary, paint: Paint): string {
  const counts = Object.entries(tokens).map(([what, count]) => `${what} ${count}`);
  return [
    `  ${paint('cyan', `Σ ${stopped ? 'stopped' : 'all    '}`)}`,
    paint('bold', action),
    `${target} tokens: ${counts.join(', ')}`,
    paint('dim', `[#${definition.id} ${definition.name}]`),
  ].join(' ');
}

/** Tells whether an event is an outcome or the summary of a bulk run. */
export function isResult({ 'detail-type': type }: { readonly 'detail-type': string }): boolean {
  return type === BULK_SUMMARY || /^token\.action\.(done|skipped|failed)$/.test(type);
}

/** Describes why an event had no outcome. @param listening the active definitions of its name and position */
export function describeUnmet(name: string, listening: readonly Pick<Definition, 'id' | 'name'>[]): string {
  if (listening.length === 0) return `no definition listens to ${name}`;
  const [first] = listening;
  const which = first && listening.length === 1 ? `#${first.id} ${first.name}` : count(listening.length, 'definition');
  return `${which} of ${name}: a condition does not hold, so nothing is done ("definitions explain" says which)`;
}

/** Describes an event of the results bus. */
export function describeResult(event: { 'detail-type': string; detail: unknown }, paint: Paint): string {
  if (event['detail-type'] === BULK_SUMMARY) return describeBulk(event.detail as BulkSummary, paint);
  return describeOutcome(event.detail as Outcome, paint);
}

function details({ status, reason, changes, response }: Described, paint: Paint): string[] {
  const lines: string[] = [];
  if (status === 'done' && changes !== null && Object.keys(changes).length === 0) {
    lines.push(`      ${paint('dim', 'nothing to change: the token has these values already')}`);
  }
  if (reason) {
    const seen = 'wanted' in reason ? ` (wanted ${show(reason.wanted)}, saw ${show(reason.saw)})` : '';
    lines.push(`      ${reason.code}: ${reason.message}${seen}`);
  }
  for (const [field, [before, after]] of Object.entries(changes ?? {})) {
    lines.push(`      ${field}: ${paint('red', show(before))} → ${paint('green', show(after))}`);
  }
  for (const key of Object.keys(response?.detail ?? {})) {
    lines.push(`      ${paint('dim', `response.detail.${key}: announced once, on the results bus`)}`);
  }
  return lines;
}

/** Formats a value as JSON; `-` if there is none. */
export function show(value: unknown): string {
  return value === undefined ? '-' : JSON.stringify(value);
}

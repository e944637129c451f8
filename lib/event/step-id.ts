/**
 * A step's id: the same for every delivery of the same step, and what makes its effect exactly-once
 * (DESIGN section 1). Each part goes in with its length before it, so that no two steps share an id.
 */
import { createHash } from 'node:crypto';
import type { Position } from './auth-event.ts';

export interface StepIdentity {
  readonly source: string;
  readonly event: string;
  readonly position: Position;
  /** The definition's id, or, without a definition, action and options. */
  readonly cause: { readonly definition: number } | { readonly action: string; readonly options: unknown };
  /** `null` where there is no token, or where the action makes one. */
  readonly serial: string | null;
}

/** SHA-256 as hex. */
export function stepId({ source, event, position, cause, serial }: StepIdentity): string {
  const causes = 'definition' in cause ? [String(cause.definition)] : [cause.action, canonicalJson(cause.options)];
  const hash = createHash('sha256');
  for (const part of [source, event, position, ...causes, serial ?? '']) {
    hash.update(`${Buffer.byteLength(part)}:${part}`);
  }
  return hash.digest('hex');
}

/** JSON with sorted keys: the same options give the same text. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

/** A definition's history as machines read it: the same on the command line and over HTTP. No secret is in it. */
import type { FieldChange } from './diff.ts';
import type { PastVersion } from './history.ts';
import { viewFields } from './proposal-view.ts';
import { maskBody } from './secret-options.ts';

export interface HistoryEntry {
  readonly version: number;
  readonly in_force: boolean;
  readonly deleted: boolean;
  /** These four are `null` where it was saved before the history was kept. */
  readonly at: string | null;
  readonly by: string | null;
  readonly how: string | null;
  readonly message: string | null;
  readonly changes: readonly FieldChange[];
  /** `null` where it was deleted. */
  readonly definition: object | null;
}

export function viewHistory(versions: readonly PastVersion[]): HistoryEntry[] {
  return versions.map(({ version, applied, note, body, changes }) => ({
    version,
    in_force: applied,
    deleted: body === null,
    ...(note ?? { at: null, by: null, how: null, message: null }),
    changes: viewFields(changes),
    definition: body === null ? null : maskBody(body),
  }));
}

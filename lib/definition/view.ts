/** Writes proposals and histories as JSON, the same on the command line and over HTTP, without secrets. */
import type { DefinitionChange, FieldChange } from './diff.ts';
import type { PastVersion } from './history.ts';
import type { Proposal } from './propose.ts';
import { maskBody } from './secret-options.ts';

export interface HistoryEntry {
  readonly version: number;
  readonly in_force: boolean;
  readonly deleted: boolean;
  /** `at`, `by`, `how` and `message` are `null` if it was saved before the history was kept. */
  readonly at: string | null;
  readonly by: string | null;
  readonly how: string | null;
  readonly message: string | null;
  readonly changes: readonly FieldChange[];
  /** `null` if it was deleted. */
  readonly definition: object | null;
}

/** Writes a history, its secrets masked. */
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

export interface ProposalView {
  /** The number of the set that it is based on. */
  readonly set: number;
  readonly changes: readonly DefinitionChange[];
  readonly summary: Readonly<Record<'add' | 'change' | 'remove' | 'unchanged', number>>;
  readonly warnings: Proposal['warnings'];
  readonly left_out: Proposal['leftOut'];
}

/** Writes a proposal, with the number of definitions of each kind of change. */
export function viewProposal({ current, changes, warnings, leftOut }: Proposal): ProposalView {
  const count = (kind: DefinitionChange['kind']) => changes.filter((one) => one.kind === kind).length;
  const [add, change, remove] = [count('add'), count('change'), count('remove')];
  return {
    set: current.set.number,
    changes: changes.map((one) => ({ ...one, fields: viewFields(one.fields) })),
    summary: { add, change, remove, unchanged: current.set.live.size - change - remove },
    warnings,
    left_out: leftOut,
  };
}

/** Writes absent values as `null`, which JSON needs. */
function viewFields(fields: readonly FieldChange[]): FieldChange[] {
  return fields.map(({ path, before, after }) => ({ path, before: before ?? null, after: after ?? null }));
}

/** A proposal as machines read it: the same on the command line and over HTTP. No secret is in it. */
import type { DefinitionChange, FieldChange } from './diff.ts';
import type { Proposal } from './propose.ts';

export interface ProposalView {
  /** The set's number that it was made for. */
  readonly set: number;
  readonly changes: readonly DefinitionChange[];
  readonly summary: Readonly<Record<'add' | 'change' | 'remove' | 'unchanged', number>>;
  readonly warnings: Proposal['warnings'];
  readonly left_out: Proposal['leftOut'];
}

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

/** Absent is `null` in JSON. */
export function viewFields(fields: readonly FieldChange[]): FieldChange[] {
  return fields.map(({ path, before, after }) => ({ path, before: before ?? null, after: after ?? null }));
}

/** Prints differences of definitions: `+` is added, `~` changed, `-` deleted, with each field before and after. */
import type { DefinitionChange, FieldChange } from '../../lib/definition/diff.ts';
import type { DefinitionFinding } from '../../lib/definition/lint.ts';
import type { Proposal } from '../../lib/definition/propose.ts';
import { viewProposal } from '../../lib/definition/view.ts';
import { colours, type Paint } from '../output/display.ts';
import { printFolded } from '../output/fold.ts';

const MARKS = { add: ['green', '+'], change: ['yellow', '~'], remove: ['red', '-'] } as const;

/** Describes the changes of a proposal, with a line that counts them. */
export function describeProposal(proposal: Proposal, paint: Paint): string {
  const { add, change, remove, unchanged } = viewProposal(proposal).summary;
  if (proposal.changes.length === 0) return `No changes. ${unchanged} unchanged.`;
  const total = `Plan: ${add} to add, ${change} to change, ${remove} to delete. ${unchanged} unchanged.`;
  return [...proposal.changes.map((one) => `${describeChange(one, paint)}\n`), paint('bold', total)].join('\n');
}

function describeChange({ kind, id, name, fields }: DefinitionChange, paint: Paint): string {
  const [colour, mark] = MARKS[kind];
  const head = `${paint(colour, mark)} ${paint('bold', `#${id} ${JSON.stringify(name)}`)}`;
  return [head, ...describeFields(fields, paint, '    ')].join('\n');
}

/** Formats changed fields, one line each, with the values in one column. */
export function describeFields(fields: readonly FieldChange[], paint: Paint, indent: string): string[] {
  const width = Math.max(...fields.map(({ path }) => path.length)) + 1;
  return fields.map(({ path, before, after }) => {
    const kind = before === undefined ? 'add' : after === undefined ? 'remove' : 'change';
    const [colour, mark] = MARKS[kind];
    const values = [before, after].flatMap((value) => (value === undefined ? [] : [JSON.stringify(value)]));
    return `${indent}${paint(colour, mark)} ${`${path}:`.padEnd(width)} ${values.join(' → ')}`;
  });
}

/** Prints on stderr which definitions were left out, what was ignored, and warnings. */
export function printNotes({ leftOut, ignored, warnings }: Pick<Proposal, 'leftOut' | 'ignored' | 'warnings'>): void {
  const paint = colours(process.stderr);
  for (const { name, handlermodule } of leftOut) {
    process.stderr.write(`left out: "${name}" (handler module ${handlermodule})\n`);
  }
  if (ignored.length > 0) process.stderr.write(`ignored beside the definitions: ${ignored.join(', ')}\n`);
  for (const warning of warnings) printFolded(process.stderr, describeWarning(warning, paint));
}

/** Prints how to undo what was just applied. */
export function tellWayBack({ current, changes }: Proposal): void {
  const { number } = current.set;
  if (number > 0 && changes.length > 0) {
    process.stderr.write(`note: "definitions rollback --set ${number}" restores what was applied before\n`);
  }
}

function describeWarning({ code, id, name, path, message }: DefinitionFinding, paint: Paint): string {
  return `${paint('yellow', `warning ${code}:`)} #${id} ${JSON.stringify(name)}: ${path}: ${message}`;
}

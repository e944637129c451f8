/** What was done, a line or an entry for each definition. */
import type { Proposal } from '../../lib/definition/propose.ts';
import type { Arguments } from '../command.ts';

interface Reported {
  readonly id: number;
  readonly version?: number | undefined;
}

/** @param what as in `enabled`. @returns the exit code */
export function report(what: string, list: readonly Reported[], { values }: Arguments, more: object = {}): number {
  if (values.json) process.stdout.write(`${JSON.stringify({ [what]: list, ...more }, null, 2)}\n`);
  else for (const one of list) process.stdout.write(`${what.replace('_', ' ')} ${describe(one)}\n`);
  return 0;
}

/** What a file brought; what was so already is said, too. */
export function reportSaved(
  what: string,
  versions: ReadonlyMap<number, number>,
  { changes, warnings }: Proposal,
  args: Arguments,
): number {
  const list = [...versions].map(([id, version]) => ({ id, version }));
  if (args.values.json) return report(what, list, args, warnings.length > 0 ? { warnings } : {});
  const changed = new Set(changes.map(({ id }) => id));
  report(
    what,
    list.filter(({ id }) => changed.has(id)),
    args,
  );
  return report(
    'unchanged',
    list.filter(({ id }) => !changed.has(id)),
    args,
  );
}

function describe({ id, version }: Reported): string {
  return `#${id}${version === undefined ? '' : ` v${version}`}`;
}

/** Prints what was done: a line or an entry for each definition. */
import type { Proposal } from '../../lib/definition/propose.ts';

interface Reported {
  readonly id: number;
  readonly version?: number | undefined;
}

interface Form {
  readonly json?: boolean | undefined;
}

/** Prints definitions and what was done to them. @param what such as `enabled` */
export function report(what: string, list: readonly Reported[], { json }: Form, more: object = {}): void {
  if (json) process.stdout.write(`${JSON.stringify({ [what]: list, ...more }, null, 2)}\n`);
  else for (const one of list) process.stdout.write(`${what.replace('_', ' ')} ${describe(one)}\n`);
}

/** Prints which definitions of a file were saved, and which are unchanged. */
export function reportSaved(
  what: string,
  versions: ReadonlyMap<number, number>,
  { changes, warnings }: Proposal,
  form: Form,
): void {
  const list = [...versions].map(([id, version]) => ({ id, version }));
  if (form.json) {
    report(what, list, form, warnings.length > 0 ? { warnings } : {});
    return;
  }
  const changed = new Set(changes.map(({ id }) => id));
  report(
    what,
    list.filter(({ id }) => changed.has(id)),
    form,
  );
  report(
    'unchanged',
    list.filter(({ id }) => !changed.has(id)),
    form,
  );
}

function describe({ id, version }: Reported): string {
  return `#${id}${version === undefined ? '' : ` v${version}`}`;
}

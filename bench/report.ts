/** What each measurement takes and prints: `--quick` for a small one, `--json` for machines, else a table. */

/** A small run, to see that it runs: its figures say little. */
export const isQuick = process.argv.includes('--quick');

export interface Report {
  /** The table: a row a side. */
  readonly results: readonly object[];
  /** Whatever else was measured. */
  readonly [figure: string]: unknown;
}

export function report({ results, ...more }: Report): void {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ results, ...more }));
    return;
  }
  console.table(results);
  console.log(more);
}

/** Prints the figures of a measurement: a table, or with `--json` one line for machines. */

/** A small run, which only shows that the measurement works. */
export const isQuick = process.argv.includes('--quick');

export interface Report {
  /** The table: one row for each side. */
  readonly results: readonly object[];
  /** Other figures. */
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

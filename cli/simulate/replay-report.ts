/** Prints the result of a replay for people. */
import type { Replayed } from '../../lib/simulate/replay.ts';
import type { TokenDifference } from '../../lib/simulate/replay-difference.ts';
import { type Paint, show } from '../output/display.ts';
import { number } from '../output/progress.ts';

type Counts = Replayed['definitions'][number]['current'];

/** Formats the result as lines. @param most the most tokens that are listed for each definition */
export function replayReport(
  { steps, bulk_runs, definitions, tokens }: Replayed,
  paint: Paint,
  most: number,
): string[] {
  const rows = definitions.map(({ id, name, current, proposed }) => {
    const cells = [counted(current), counted(proposed)] as const;
    return { title: `#${id} ${name}`.trim(), cells, isSame: cells[0] === cells[1] };
  });
  const width = Math.max(10, ...rows.map(({ title }) => title.length));
  const sums = [summed(steps.current), summed(steps.proposed)] as const;
  const column = Math.max(sums[0].length, ...rows.map(({ cells }) => cells[0].length));
  const row = (title: string, one: string, other: string) =>
    `  ${title.padEnd(width)}  ${one.padEnd(column)}  ${other}`.trimEnd();
  return [
    paint('bold', 'Steps'),
    paint('dim', row('', 'current', 'proposed')),
    ...rows.map(({ title, cells, isSame }) => paint(isSame ? 'dim' : 'yellow', row(title, ...cells))),
    row('all', ...sums),
    ...(bulk_runs.current + bulk_runs.proposed > 0
      ? [
          row('bulk runs', number(bulk_runs.current), number(bulk_runs.proposed)),
          'Bulk runs are only counted: these figures do not contain what they would do to tokens.',
        ]
      : []),
    '',
    paint(
      'bold',
      `Tokens that end up different: ${number(tokens.different.length)} of ${number(tokens.changed)} changed`,
    ),
    ...definitions.flatMap(({ id, name }) => {
      const own = tokens.different.filter((one) => one.definitions.includes(id));
      return own.length === 0 ? [] : listed(`#${id} ${name}`.trim(), own, paint, most);
    }),
  ];
}

function listed(title: string, own: readonly TokenDifference[], paint: Paint, most: number): string[] {
  const more = own.length - most;
  return [
    `  ${title}: ${number(own.length)}`,
    ...own
      .slice(0, most)
      .flatMap(({ serial, differs }) => [
        `    ${serial}`,
        ...Object.entries(differs).map(
          ([field, [one, other]]) => `      ${field}: ${paint('red', show(one))} → ${paint('green', show(other))}`,
        ),
      ]),
    ...(more > 0 ? [paint('dim', `    and ${number(more)} more`)] : []),
  ];
}

function counted(counts: Counts): string {
  if (counts === null) return '-';
  const codes = (what: string, byCode: Readonly<Record<string, number>>) =>
    Object.entries(byCode).map(([code, count]) => `${what} ${number(count)} (${code})`);
  const done = counts.done > 0 ? [`done ${number(counts.done)}`] : [];
  return [...done, ...codes('skipped', counts.skipped), ...codes('failed', counts.failed)].join(', ');
}

function summed({ done, skipped, failed }: Replayed['steps']['current']): string {
  return `done ${number(done)}, skipped ${number(skipped)}, failed ${number(failed)}`;
}

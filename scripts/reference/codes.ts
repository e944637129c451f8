/** Makes docs/reference/codes.md from the register of codes. */
import { type Code, type CodePlace, codes, codesAt, places } from '../../lib/base/codes.ts';

/** Makes the page: where codes can occur, and all codes in alphabetical order. */
export function codesPage(): string {
  return [
    '# Codes',
    '<!-- Made from lib/base/codes.ts by "npm run reference". -->',
    'Every error, every reason in an outcome and every warning has a code. Programs should use the code: it does not ' +
      'change, and the message may. Some also have `path` (the place of the fault), `given` and `allowed`.',
    '"Retryable" means that the same input may succeed later without any change. Temporary failures such as throttling ' +
      'have no code: they are retried, and end in a dead-letter queue if no retry succeeds.',
    '## Where a code can occur',
    Object.entries(places)
      .map(([place, what]) => `- **${place}**: ${what}`)
      .join('\n'),
    '## All codes',
    ['| code | what it means | where | retryable |', '| --- | --- | --- | --- |', ...Object.keys(codes).map(row)].join(
      '\n',
    ),
  ].join('\n\n');
}

function row(name: string): string {
  const entry = codes[name as Code];
  return `| <a id="${name}"></a>\`${name}\` | ${entry.means} | ${entry.at.join(', ')} | ${'retryable' in entry ? 'yes' : 'no'} |`;
}

/** Makes the table of the codes that can occur at one place. */
export function codeTable(place: CodePlace): string {
  const rows = codesAt(place).map((name) => `| [\`${name}\`](codes.md#${name}) | ${codes[name].means} |`);
  return ['| code | what it means |', '| --- | --- |', ...rows].join('\n');
}

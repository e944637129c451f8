/** docs/reference/codes.md, made from the register of codes. */
import { type Code, type CodePlace, codes, codesAt, places } from '../../lib/base/codes.ts';

/** The page: where codes can be met, and all of them in alphabetical order. */
export function codesPage(): string {
  return [
    '# Codes',
    '<!-- Made from lib/base/codes.ts by "npm run reference". -->',
    'Every error, every reason in an outcome and every warning has a code. Branch on the code: it stays, while the words ' +
      'beside it may change. Beside it stand, where they help, `path` (where the fault is), `given` and `allowed`.',
    '"Retryable" says that the same input may succeed later although nobody changes anything. Failures that pass by ' +
      'themselves, such as throttling, have no code: they are retried, and end in a dead-letter queue.',
    '## Where a code can be met',
    Object.entries(places)
      .map(([place, what]) => `- **${place}**: ${what}`)
      .join('\n'),
    '## All codes',
    ['| code | what it says | where | retryable |', '| --- | --- | --- | --- |', ...Object.keys(codes).map(row)].join(
      '\n',
    ),
  ].join('\n\n');
}

function row(name: string): string {
  const entry = codes[name as Code];
  return `| <a id="${name}"></a>\`${name}\` | ${entry.means} | ${entry.at.join(', ')} | ${'retryable' in entry ? 'yes' : 'no'} |`;
}

/** The codes that can be met at one place. */
export function codeTable(place: CodePlace): string {
  const rows = codesAt(place).map((name) => `| [\`${name}\`](codes.md#${name}) | ${codes[name].means} |`);
  return ['| code | what it says |', '| --- | --- |', ...rows].join('\n');
}

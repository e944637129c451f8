/** Compares logins and calls with those measured on privacyIDEA: the answer to each request, and the tokens afterwards. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { readVectors } from '../scenarios/expectation.ts';
import { type ExpectedResponse, type ExpectedToken, expectResponse, expectToken, Names } from './measured.ts';

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly note: string;
  readonly file: { readonly requests: readonly unknown[] };
  readonly expect: {
    readonly responses: readonly ExpectedResponse[];
    readonly tokens: Readonly<Record<string, ExpectedToken | null>>;
  };
}

const NOW = Date.parse('2026-12-01T12:00:00Z');
const rows = [...readVectors<Row>('auth.json'), ...readVectors<Row>('auth-neighbours.json')];
const kinds = [...new Set(rows.map(({ kind }) => kind))];

async function expectMeasured({ file, expect: expected }: Row): Promise<void> {
  const { responses = [], tokens } = await runScenario(await readScenario(file, NOW));
  expect(responses).toHaveLength(file.requests.length);
  const names = new Names();
  for (const [i, response] of expected.responses.entries()) expectResponse(responses[i], response, names);
  for (const [serial, token] of Object.entries(expected.tokens)) {
    expectToken(
      tokens.find((one) => one.serial === serial),
      token,
      serial,
    );
  }
}

describe.each(kinds)('%s', (kind) => {
  it.each(rows.filter((row) => row.kind === kind))('$id: $note', expectMeasured);
});

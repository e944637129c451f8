import { expect, it } from 'vitest';
import { BulkEnvironment, readEnvironment } from '../../lib/lambda/environment.ts';

const NAMES = [
  'TOKENS_TABLE',
  'DEFINITIONS_TABLE',
  'DIRECTORY_TABLE',
  'BUS_NAME',
  'RESULTS_BUS_NAME',
  'BULK_RUNS_TABLE',
];
const NAMED = Object.fromEntries(NAMES.map((name) => [name, 'x']));

it.each([
  [{ TIMEZONE: 'Mars/Olympus' }, 'TIMEZONE: must be an IANA time zone, such as UTC or Europe/Berlin'],
  [{ BULK_LANES: '17' }, 'BULK_LANES: must be a whole number from 1 to 16'],
  [{ LEDGER_DAYS: '15' }, 'LEDGER_DAYS: must be a whole number of days from 1 to 14'],
  [{ BUS_NAME: '' }, 'BUS_NAME: must be at least 1 characters long'],
])('%j is refused where the function starts', (wrong, message) => {
  expect(() => readEnvironment(BulkEnvironment, { ...NAMED, ...wrong })).toThrow(message);
});

it('every variable that is missing is named', () => {
  expect(() => readEnvironment(BulkEnvironment, {})).toThrow(
    NAMES.map((name) => `${name}: is required (string)`).join('\n'),
  );
});

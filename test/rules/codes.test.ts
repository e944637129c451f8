import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codes } from '../../lib/base/codes.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { type OutcomeSubject, skipped } from '../../lib/event/outcome.ts';

const sources = ['lib', 'functions', 'cli', 'infra']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('codes.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

it('holds no code that nothing raises', () => {
  expect(Object.keys(codes).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
});

it('lists the codes in alphabetical order', () => {
  expect(Object.keys(codes)).toEqual(Object.keys(codes).toSorted());
});

const subject: OutcomeSubject = {
  id: 'step',
  event: { id: 'event', name: 'token_init', time: 0 },
  definition: null,
  action: 'disable',
  serial: null,
};

it('is closed: the compiler refuses a code that is not in the register, or not for that place', () => {
  // @ts-expect-error there is no such code
  expect(new TokenwrightError('no_such_code', 'never').code).toBe('no_such_code');
  // @ts-expect-error a warning is no error
  expect(new TokenwrightError('never_acts', 'never').code).toBe('never_acts');
  // @ts-expect-error a step that fails with this code is not skipped
  expect(skipped(subject, { code: 'unknown_realm', message: 'never' }).status).toBe('skipped');
});

/**
 * Runs before each test file. The files of a worker share its process, so that the packages are loaded once; each file
 * gets our own modules anew, and must not see the environment or the mocks of the file before it.
 */
import fc from 'fast-check';
import { afterAll, vi } from 'vitest';

vi.resetModules();
// Properties are tried on the same inputs in every run; `npm run fuzz` and FUZZ_SEED try others.
const { FUZZ_RUNS = '1', FUZZ_SEED = FUZZ_RUNS === '1' ? 20_260_315 : Date.now() % 1e9 } = process.env;
fc.configureGlobal({ seed: Number(FUZZ_SEED) });
const environment = { ...process.env };

afterAll(() => {
  vi.restoreAllMocks();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Starts the files that take longest first, so that no worker is left with one of them at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) =>
      /test\/(model|scenarios)\/|vectors\.test|front-door\.test/.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['{test,infra/event-pattern}/**/*.test.ts'],
    exclude: ['test/soak/**', 'test/{packaging,deployment}/**'], // of their own: npm run soak, npm run test:packaging
    maxWorkers: 2,
    isolate: false, // what is shared, and what is not: test/support/shared-process.ts
    setupFiles: ['test/support/shared-process.ts'],
    sequence: { sequencer: LongestFirst },
    // Longer than a test takes on a busy machine: what hangs fails, what is slow does not.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: {
      // No test may reach AWS: what is not pointed at this machine fails at once.
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    },
    coverage: {
      provider: 'v8',
      include: ['functions/**', 'lib/**', 'infra/**', 'cli/**'],
    },
  },
});

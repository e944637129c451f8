/** Packages and deploys for real, one file after the other, since osls works in one folder: `npm run test:packaging`. */
import { defineConfig } from 'vitest/config';
import suite from './vitest.config.ts';

export default defineConfig({
  test: {
    ...suite.test,
    include: ['test/{packaging,deployment}/**/*.test.ts'],
    exclude: [],
    maxWorkers: 1,
    isolate: true,
  },
});

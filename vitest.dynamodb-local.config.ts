/** The whole suite on the official DynamoDB Local instead of the embedded one: `npm run test:dynamodb-local`. */
import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import { isReplaced, STAND_IN_PATH } from './test/support/dynamodb-local/stand-in.ts';
import embedded from './vitest.config.ts';

const hooks = new URL('test/support/dynamodb-local/hooks.ts', import.meta.url).href;

export default mergeConfig(embedded, {
  plugins: [
    {
      name: 'dynamodb-local',
      enforce: 'pre',
      async resolveId(source: string, importer: string | undefined) {
        if (!source.endsWith('dynamodb.ts') || importer === undefined) return null;
        const path = fileURLToPath(new URL(source, `file://${importer}`));
        return isReplaced(path) ? STAND_IN_PATH : null;
      },
    },
  ],
  test: {
    exclude: ['test/{bench,condition,packaging,rules,text,tokentype}/**'], // no database there
    globalSetup: ['test/support/dynamodb-local/start.ts'],
    testTimeout: 600_000, // a Java machine that warms up, and that both workers share
    hookTimeout: 600_000,
    env: { NODE_OPTIONS: `--import=${hooks}` },
  },
});

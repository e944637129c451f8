/** For `node --import`: a process that a test starts uses DynamoDB Local as well, with tables of its own. */
import { registerHooks } from 'node:module';
import { isReplaced, STAND_IN } from './stand-in.ts';

process.env.DYNAMODB_LOCAL_OWNER = `process ${process.pid}`;

registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context);
    return isReplaced(resolved.url) ? { ...resolved, url: STAND_IN } : resolved;
  },
});

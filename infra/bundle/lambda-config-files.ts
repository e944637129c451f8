/**
 * Takes the place of the SDK's `shared-ini-file-loader/readFile` in the bundles: a function has no home folder with
 * AWS configuration files to look for, and whoever never reads a file need not load `node:fs/promises`.
 */

/** As where there is no such file; the SDK then goes by the environment. */
export const readFile = () => Promise.reject(new Error('a function has no AWS configuration files'));

/** What the SDK keeps beside it, for tests of its own. */
export const filePromises = {};
export const fileIntercept = {};

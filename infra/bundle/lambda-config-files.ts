/**
 * Replaces the SDK's `shared-ini-file-loader/readFile` in the bundles: a function has no home folder with AWS
 * configuration files, and without this module `node:fs/promises` is not loaded.
 */

/** Answers as if the file did not exist; the SDK then uses the environment. */
export const readFile = () => Promise.reject(new Error('a function has no AWS configuration files'));

/** The module of the SDK exports these for its own tests. */
export const filePromises = {};
export const fileIntercept = {};

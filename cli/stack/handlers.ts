/** The modules of the functions that the local stack runs. */
import type { HandlerModules } from '../../infra/local/lambda.ts';

/** Undefined: each is loaded from its file. For the compiled command line, scripts/compile.js replaces this file by a table. */
export const handlers: HandlerModules | undefined = undefined;

/** Where the local stack finds the functions' modules. */
import type { HandlerModules } from '../../infra/local/lambda.ts';

/** Absent: in the clone, each loaded from its file. Where the command line is compiled, they are in it (scripts/compile.js). */
export const handlers: HandlerModules | undefined = undefined;

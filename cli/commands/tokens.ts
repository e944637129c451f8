import { Command } from '@commander-js/extra-typings';
import { importTokens } from './tokens/import.ts';
import { list } from './tokens/list.ts';
import { outcomes } from './tokens/outcomes.ts';
import { show } from './tokens/show.ts';
import { verify } from './tokens/verify.ts';

export const tokens = new Command('tokens')
  .summary('list, show, import tokens, what was done to one lately, and check a password against one')
  .description(`
Work on the local stack that "dev" or "start" runs, or on AWS with --stage. Never show a key, a PIN or its hash.
`)
  .addCommand(list)
  .addCommand(show)
  .addCommand(outcomes)
  .addCommand(importTokens)
  .addCommand(verify);

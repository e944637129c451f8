import { Command } from '@commander-js/extra-typings';
import { importTokens } from './tokens/import.ts';
import { list } from './tokens/list.ts';
import { outcomes } from './tokens/outcomes.ts';
import { show } from './tokens/show.ts';
import { verify } from './tokens/verify.ts';

export const tokens = new Command('tokens')
  .summary('tokens: list, show, outcomes, import, verify a password')
  .description(`
These commands work on the local stack that "dev" or "start" runs, or on AWS with --stage. They never show a key, a PIN
or its hash.
`)
  .addCommand(list)
  .addCommand(show)
  .addCommand(outcomes)
  .addCommand(importTokens)
  .addCommand(verify);

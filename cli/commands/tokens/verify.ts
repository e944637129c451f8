import { Command } from '@commander-js/extra-typings';
import { examples, jsonOption, stageOption, UsageError } from '../../command.ts';
import { selectStack } from '../../target.ts';
import { readPositions, verifyToken } from '../../verify.ts';

export const verify = new Command('verify')
  .summary('whether a token would accept a password, and what that would change')
  .description(`
Asks for a password (hidden on a terminal, else standard input) and tells whether the token would accept it, and what
that would change: it reads, and changes nothing. Exit 0: accepted, 1: refused.
`)
  .argument('<serial>', "the token's")
  .option('--positions <n,n>', 'what the challenge of an indexed secret asked for', readPositions)
  .addOption(jsonOption)
  .addOption(stageOption)
  .allowExcessArguments()
  .addHelpText(
    'after',
    `${examples('tokens verify TOTP0001')}
  oathtool --totp 3132333435363738393031323334353637383930 | npx tokenwright tokens verify TOTP0001`,
  )
  .action(async (serial, { stage, ...choice }, command) => {
    // Not left to commander, which would print the password.
    if (command.args.length > 1) {
      throw new UsageError('asks for the password, or reads it from a pipe: an argument would be seen by others');
    }
    await verifyToken(await selectStack(stage), serial, choice);
  });

import { join } from 'node:path';
import { type Command, textOption, UsageError } from '../command.ts';
import { recorder } from '../recording.ts';
import { printAddresses, STACK_HELP, STACK_OPTIONS, startRunningStack, untilStopped } from '../running-stack.ts';

export const dev: Command = {
  summary: 'the local stack, until stopped: DynamoDB, EventBridge and HTTP endpoints',
  help: `
Usage: tokenwright dev [--data DIR] [--dynamodb URL] [--port N] [--faults SPEC]

Runs what serverless.yml deploys on this machine, until stopped. Prints its addresses, one "name: url" a line, and
"ready" as the last line. Any AWS SDK, and "aws events put-events", work with them:
AWS_ENDPOINT_URL_EVENTBRIDGE is the address named "eventbridge".
${STACK_HELP}

With --data, every auth event is recorded in DIR/events.jsonl, without secrets: for "replay".

Example:
  npx tokenwright dev --data .tokenwright/data --port 4500
`,
  options: STACK_OPTIONS,
  async run(args) {
    if (args.positionals.length > 0) throw new UsageError('takes no arguments');
    const data = textOption(args.values.data);
    const running = await startRunningStack(args, data === undefined ? {} : recorder(join(data, 'events.jsonl')));
    printAddresses(running.stack);
    process.stdout.write('ready\n');
    await untilStopped(running);
    return 0;
  },
};

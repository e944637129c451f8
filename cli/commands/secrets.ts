import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../lib/aws/clients.ts';
import { versionOf } from '../../lib/secret/sealed.ts';
import { type Arguments, type Command, noMoreThan, textOption, UsageError } from '../command.ts';
import { rotate } from '../rotate/rotate.ts';
import { rotationTools } from '../rotate/tools.ts';
import type { Tables } from '../tables.ts';
import { selectStack } from '../target.ts';

export const secrets: Command = {
  summary: 'which keys secrets are sealed under, and a new key for all of them',
  help: `
Usage: tokenwright secrets status [--json]
       tokenwright secrets rotate [--json]

Works on the local stack that "dev" or "start" runs, or on AWS with --stage. Shows no secret and no key.
"rotate" makes a new data key and seals every OTP key, and every secret option of a definition, again under it, while
the stack works on. Stopped in the middle, the next call goes on where it was.

  --json         the result as JSON
  --stage NAME   the stack deployed under this stage
`,
  options: { json: { type: 'boolean' }, stage: { type: 'string' } },

  async run(args: Arguments) {
    noMoreThan(1, args);
    const [verb] = args.positionals;
    if (verb !== 'status' && verb !== 'rotate') throw new UsageError('takes one of status, rotate');
    const tables = await selectStack(textOption(args.values.stage));
    return verb === 'status' ? status(tables, args) : rotateAll(tables, args);
  },
};

async function rotateAll(tables: Tables, { values }: Arguments): Promise<number> {
  const done = await rotate({
    ...(await rotationTools(tables)),
    now: () => Date.now(),
    progress: (line) => void process.stderr.write(`${line}\n`),
  });
  if (values.json) process.stdout.write(`${JSON.stringify(done)}\n`);
  else {
    process.stdout.write(`key ${done.version}: sealed again ${done.tokens} tokens, ${done.definitions} definitions\n`);
    for (const broken of done.broken) process.stderr.write(`error bad_secret: ${broken}: no key opens its secret\n`);
  }
  return done.broken.length > 0 ? 1 : 0;
}

async function status(tables: Tables, { values }: Arguments): Promise<number> {
  const counts = await countByKey(tables);
  if (values.json) process.stdout.write(`${JSON.stringify({ tokens: counts })}\n`);
  else {
    for (const [key, count] of Object.entries(counts)) process.stdout.write(`${key.padEnd(8)} ${count} tokens\n`);
    if (Object.keys(counts).length === 0) process.stderr.write('no token has an OTP key\n');
  }
  return 0;
}

/** How many tokens' OTP keys are sealed under which key. */
async function countByKey({ tokens: table }: Tables): Promise<Record<string, number>> {
  const client = documentClient();
  const counts: Record<string, number> = {};
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ProjectionExpression: 'otpkey', ExclusiveStartKey: start }),
    );
    for (const { otpkey } of page.Items ?? []) {
      if (!(otpkey instanceof Uint8Array)) continue;
      const key = `key ${versionOf(otpkey)}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return counts;
}

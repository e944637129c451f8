import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { Command } from '@commander-js/extra-typings';
import { documentClient } from '../../lib/aws/clients.ts';
import { versionOf } from '../../lib/secret/sealed.ts';
import { Ended, examples, jsonOption, stageOption } from '../command.ts';
import { count } from '../output/display.ts';
import { rotate, rotationTools } from '../rotate/rotate.ts';
import type { Tables } from '../stack/environment.ts';
import { selectStack } from '../stack/target.ts';

const status = new Command('status')
  .summary('count the OTP keys that each data key seals')
  .description('Counts the OTP keys that each data key seals. After "rotate", all are sealed by the newest key.')
  .addOption(jsonOption)
  .addOption(stageOption)
  .action(async ({ json, stage }) => {
    const counts = await countByKey(await selectStack(stage));
    if (json) process.stdout.write(`${JSON.stringify({ tokens: counts })}\n`);
    else {
      for (const [key, tokens] of Object.entries(counts)) {
        process.stdout.write(`${key.padEnd(8)} ${count(tokens, 'token')}\n`);
      }
      if (Object.keys(counts).length === 0) process.stderr.write('no token has an OTP key\n');
    }
  });

const rotateAll = new Command('rotate')
  .summary('create a new data key, and seal all secrets again')
  .description(`
Creates a new data key, and seals with it again every OTP key and every secret option of a definition. The stack keeps
working meanwhile. If it is stopped, the next call continues.
`)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('secrets rotate --stage prod'))
  .action(async ({ json, stage }) => {
    const done = await rotate({
      ...(await rotationTools(await selectStack(stage))),
      now: () => Date.now(),
      progress: (line) => void process.stderr.write(`${line}\n`),
    });
    if (json) process.stdout.write(`${JSON.stringify(done)}\n`);
    else {
      process.stdout.write(
        `key ${done.version}: sealed again ${count(done.tokens, 'token')}, ${count(done.definitions, 'definition')}\n`,
      );
      for (const broken of done.broken) process.stderr.write(`error bad_secret: ${broken}: no key opens its secret\n`);
    }
    if (done.broken.length > 0) throw new Ended(1);
  });

export const secrets = new Command('secrets')
  .summary('the data keys that seal secrets: status, rotate')
  .description(`
These commands work on the local stack that "dev" or "start" runs, or on AWS with --stage. They show no secret and no key.
`)
  .addCommand(status)
  .addCommand(rotateAll);

/** Counts the OTP keys that each data key seals. */
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

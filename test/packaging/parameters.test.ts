/** Invalid parameters are refused in one sentence, before anything is packaged. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { PARAMETER_NAMES, readParameters } from '../../infra/parameters.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { params } = z
  .looseObject({ params: z.object({ default: z.record(z.string(), z.string()) }) })
  .parse(parse(readFileSync(join(root, 'serverless.yml'), 'utf8')));
const DEFAULTS = { ...params.default, busName: 'tokenwright-dev', resultsBusName: 'tokenwright-results-dev' };

it('has a default for every parameter, which is one that can be', () => {
  expect(Object.keys(DEFAULTS).sort()).toEqual([...PARAMETER_NAMES].sort());
  expect(readParameters(DEFAULTS, [], 'dev')).toMatchObject({ memorySize: 512, redriverArns: [], dashboard: false });
});

describe('refuses', () => {
  it.each([
    ['timezone', 'Europe/Berlinn', 'did you mean "Europe/Berlin"?'],
    ['timezone', '+01:00', 'must be an IANA time zone'],
    ['region', 'frankfurt', 'must be an AWS region'],
    ['issuer', 'a:b', 'without ":"'],
    ['busName', 'my bus', 'must be a name of letters'],
    ['resultsBusName', 'tokenwright-dev', 'must not be the name of the other bus'],
    ['deletionProtection', 'yes', 'must be "true" or "false"'],
    ['dashboard', '1', 'must be "true" or "false"'],
    ['memorySize', '100', 'must be a whole number from 128 to 10240'],
    ['memorySize', '0x200', 'must be a whole number'],
    ['timeout', '5', 'from 15 to 29'],
    ['logRetentionDays', '8', 'must be one of 1, 3, 5, 7'],
    ['dispatchConcurrency', '0', 'must be a whole number from 1'],
    ['redriverArns', 'arn:aws:iam::111122223333:root', 'ARNs of IAM roles or users'],
    ['redriverArns', 'Operators', 'ARNs of IAM roles or users'],
    ['administratorArns', 'arn:aws:iam::111122223333:role/A, arn:aws:iam::111122223333:role/B', 'ARNs of IAM roles'],
    ['alarmTopicArn', 'pager', 'must be the ARN of an SNS topic'],
    ['tokensTable', 'a table', 'must be the name of a table'],
    ['validateAccess', 'all', 'must be "key" or "open"'],
  ])('%s=%s', (name, value, why) => {
    const refusal = readParameters({ ...DEFAULTS, [name]: value }, [name], 'dev');
    expect(refusal).toEqual(expect.stringContaining(`parameter ${name}="${value}": `));
    expect(refusal).toEqual(expect.stringContaining(why));
  });

  it('an unknown name', () => {
    expect(readParameters(DEFAULTS, ['timzone'], 'dev')).toBe(
      'there is no parameter "timzone"; did you mean "timezone"?',
    );
    expect(readParameters(DEFAULTS, ['colour'], 'dev')).toMatch(/^there is no parameter "colour"; there are region, /);
  });

  it.each(['Prod', 'a_b', 'production-of-the-company', '1st'])('the stage %s', (stage) => {
    expect(readParameters(DEFAULTS, [], stage)).toMatch(/^stage "/);
  });

  it('GovCloud with a key for the bus', () => {
    expect(readParameters({ ...DEFAULTS, region: 'us-gov-east-1' }, ['region'], 'dev')).toContain(
      'resultsBusKey=false',
    );
  });
});

it.each([
  ['--param=timzone=UTC', 'there is no parameter "timzone"; did you mean "timezone"?'],
  ['--param=timezone=Europe/Berlinn', 'parameter timezone="Europe/Berlinn": must be an IANA time zone, such as UTC'],
])('osls package %s says so and ends', async (option, sentence) => {
  const osls = join(root, 'node_modules/osls/bin/serverless.js');
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    const child = execFile(process.execPath, [osls, 'package', option], { cwd: root }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
  expect(code).toBe(1);
  expect(output.split('\n').filter((line) => line.includes(sentence))).toHaveLength(1);
  expect(output).not.toContain('at async');
});

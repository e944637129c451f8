/**
 * `osls deploy` as the README says it, against a server that answers as STS, S3 and CloudFormation do: for two stages in
 * one account, once after a first deployment that has failed, and again after `osls remove`.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alone } from '../packaging/packaged.ts';
import { resourcesOf } from '../packaging/template.ts';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let aws: AwsEndpoint;

beforeAll(async () => {
  aws = await startAwsEndpoint();
});
afterAll(() => aws?.stop());

/** Runs osls as a deployer would. @returns its exit code and all that it said */
function osls(...args: string[]): Promise<{ code: number; said: string }> {
  const command = [join(root, 'node_modules/osls/bin/serverless.js'), ...args];
  const env = { ...process.env, AWS_ENDPOINT_URL: aws.url, SLS_AWS_MONITORING_FREQUENCY: '20', CI: 'true' };
  return alone(
    () =>
      new Promise((resolve) => {
        const child = execFile(process.execPath, command, { cwd: root, env, maxBuffer: 1e8 }, (_error, out, err) =>
          resolve({ code: child.exitCode ?? -1, said: out + err }),
        );
      }),
  );
}

it('deploys two stages into one account, repeats a failed one, and deploys again what was removed', async () => {
  expect(await osls('deploy', '--stage', 'prod')).toMatchObject({ code: 0 });
  const prod = aws.stacks.get('tokenwright-prod');
  expect(prod?.status).toBe('UPDATE_COMPLETE');
  expect(prod?.outputs).toMatchObject({ BusName: 'tokenwright-prod', ResultsBusName: 'tokenwright-results-prod' });
  const functions = resourcesOf(prod?.template ?? { Resources: {} }, 'AWS::Lambda::Function').size;
  const zips = [...aws.buckets.values()].flatMap((objects) =>
    [...objects.keys()].filter((key) => key.endsWith('.zip')),
  );
  expect(functions).toBeGreaterThan(25);
  expect(zips).toHaveLength(functions);

  aws.failNext('tokenwright-test');
  const failed = await osls('deploy', '--stage', 'test');
  expect(failed).toMatchObject({ code: 1, said: expect.stringContaining('Resource limit exceeded') });
  expect(await osls('deploy', '--stage', 'test')).toMatchObject({ code: 0 });
  expect(aws.stacks.get('tokenwright-test')?.status).toBe('UPDATE_COMPLETE');

  expect(await osls('remove', '--stage', 'test')).toMatchObject({ code: 0 });
  expect(aws.stacks.has('tokenwright-test')).toBe(false);
  expect(await osls('deploy', '--stage', 'test')).toMatchObject({ code: 0 });
  expect(aws.stacks.get('tokenwright-prod')?.status).toBe('UPDATE_COMPLETE');
}, 600_000);

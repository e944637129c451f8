/** Reads the names of a deployed stack's tables, buses, queues and keys from its CloudFormation outputs. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod/mini';
import { TokenwrightError } from '../../lib/base/error.ts';
import { parse } from '../../lib/schema/validate.ts';
import type { Tables } from './environment.ts';

const Outputs = z.looseObject({
  TokensTableName: z.string(),
  DefinitionsTableName: z.string(),
  DirectoryTableName: z.string(),
  OutcomesTableName: z.string(),
  SecretKeysTableName: z.string(),
  SecretsKeyArn: z.string(),
  BusName: z.string(),
  ResultsBusName: z.string(),
  DeadLetterQueueUrls: z.string(),
});

/**
 * Reads the outputs of the stack `tokenwright-STAGE`.
 *
 * @throws TokenwrightError `unknown_stage` if there is no such stack in this account and region
 * @throws Refusal `bad_stack` if its outputs are not those of this version
 */
export async function deployedTables(stage: string): Promise<Tables> {
  const outputs = parse(Outputs, await outputsOf(stage), 'bad_stack');
  return {
    tokens: outputs.TokensTableName,
    definitions: outputs.DefinitionsTableName,
    directory: outputs.DirectoryTableName,
    outcomes: outputs.OutcomesTableName,
    bus: outputs.BusName,
    results: outputs.ResultsBusName,
    secretKeys: outputs.SecretKeysTableName,
    secretsKey: outputs.SecretsKeyArn,
    deadLetters: outputs.DeadLetterQueueUrls.split(' '),
  };
}

async function outputsOf(stage: string): Promise<Record<string, string | undefined>> {
  const StackName = `tokenwright-${stage}`;
  try {
    const { Stacks: [stack] = [] } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName }));
    return Object.fromEntries((stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  } catch (error) {
    if (!(error instanceof Error) || !/does not exist/.test(error.message)) throw error;
    const message = `there is no stack "${StackName}" in this account and region`;
    const allowed = 'the stage of a deployed stack, with AWS_REGION and credentials of its account';
    throw new TokenwrightError('unknown_stage', message, { path: 'stage', given: stage, allowed }, { cause: error });
  }
}

/** A table of serverless.yml as the request that creates it: what CloudFormation alone knows is left out. */
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { Json } from './json.ts';

export interface Table {
  readonly id: string;
  readonly create: CreateTableCommandInput;
}

const SHARED = [
  'TableName',
  'BillingMode',
  'AttributeDefinitions',
  'KeySchema',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
] as const;

export function tableOf(id: string, properties: Json): Table {
  const create = Object.fromEntries(SHARED.flatMap((key) => (key in properties ? [[key, properties[key]]] : [])));
  // CloudFormation and the API name these properties alike; a wrong one is refused by the endpoint.
  return { id, create: create as unknown as CreateTableCommandInput };
}

/**
 * Describes the functions of the HTTP API, each allowed exactly the calls that it makes, and the function that stores
 * the outcomes which the API answers. The API itself: docs/reference/openapi.json.
 */
import type { Lambda } from './lambda.ts';
import { allow, arn, indexArn, sealSecrets, secretsKey } from './permissions.ts';

/** Makes a route whose callers must sign their calls and be allowed by IAM. */
export const signed = (method: string, path: string) => ({ method, path, authorizer: { type: 'aws_iam' } });

const readDefinitions = allow('dynamodb', ['GetItem', 'BatchGetItem', 'Query'], [arn('DefinitionsTable')]);
const readDirectory = allow('dynamodb', ['GetItem', 'Query'], [arn('DirectoryTable')]);
const readTokens = [
  allow('dynamodb', ['GetItem'], [arn('TokensTable')]),
  allow('dynamodb', ['Query'], [indexArn('TokensTable', 'owner')]),
];

export const httpFunctions: readonly Lambda[] = [
  {
    name: 'definitions',
    handler: 'functions/http/definitions.handler',
    description: 'HTTP API: the definitions, their history, plan and apply',
    routes: [
      signed('GET', '/definitions'),
      signed('GET', '/definitions/{id}'),
      signed('PUT', '/definitions/{id}'),
      signed('DELETE', '/definitions/{id}'),
      signed('GET', '/definitions/{id}/history'),
      signed('POST', '/definitions/plan'),
      signed('POST', '/definitions/apply'),
    ],
    permissions: [readDefinitions, allow('dynamodb', ['PutItem'], [arn('DefinitionsTable')]), ...sealSecrets],
    environment: secretsKey,
  },
  {
    name: 'catalogue',
    handler: 'functions/http/catalogue.handler',
    description: 'HTTP API: the catalogue of actions and conditions',
    routes: [signed('GET', '/actions'), signed('GET', '/conditions')],
    permissions: [],
    environment: {},
  },
  {
    name: 'explain',
    handler: 'functions/http/explain.handler',
    description: 'HTTP API: what the definitions would do at an event, and why not',
    routes: [signed('POST', '/explain')],
    permissions: [...readTokens, readDefinitions, readDirectory],
    environment: {},
  },
  {
    name: 'tokens',
    handler: 'functions/http/tokens.handler',
    description: 'HTTP API: tokens and their recent outcomes',
    routes: [signed('GET', '/tokens'), signed('GET', '/tokens/{serial}'), signed('GET', '/tokens/{serial}/outcomes')],
    permissions: [
      ...readTokens,
      allow('dynamodb', ['GetItem'], [arn('DirectoryTable')]),
      allow('dynamodb', ['Query'], [indexArn('OutcomesTable', 'time')]),
    ],
    environment: { OUTCOMES_TABLE: { Ref: 'OutcomesTable' } },
  },
  {
    name: 'record-outcomes',
    handler: 'functions/record-outcomes.handler',
    description: 'Stores the outcomes of the last days by token, without their response',
    bus: 'ResultsBus',
    // The outcomes of steps; the summary of a bulk run (token.action.bulk) has no serial.
    pattern: {
      source: ['tokenwright'],
      'detail-type': ['token.action.done', 'token.action.skipped', 'token.action.failed'],
    },
    permissions: [allow('dynamodb', ['PutItem'], [arn('OutcomesTable')])],
    environment: { OUTCOMES_TABLE: { Ref: 'OutcomesTable' } },
    deadLetters: 'OutcomeDeadLetters',
  },
];

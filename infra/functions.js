/**
 * What serverless.yml deploys as functions: dispatch, pre, bulk, and one function for each action.
 * A function is described by what it is triggered by and which calls it may make; ./lambda.ts makes of that the
 * function, its role, its dead-letter queue. Nothing here names an action: lib/action/table.ts has them.
 */
import { ACTIONS } from '../lib/action/table.ts';
import { alarms } from './alarms.ts';
import { busPolicies } from './bus-policies.ts';
import { dashboard } from './dashboard.ts';
import { frontDoorFunctions } from './front-door.ts';
import { httpFunctions } from './http-functions.ts';
import { fullName, functionBlock, functionResources, kebab, pascal, queueId, roleId } from './lambda.ts';
import { allow, arn, indexArn, onKeys } from './permissions.ts';
import { redriveRole } from './redrive-role.ts';
import { signed } from './routes.ts';
import { sealSecrets, secretsKey } from './sealing.ts';

const putEvents = allow('events', ['PutEvents'], [arn('Bus'), arn('ResultsBus')]);
/** Which tokens an event of a user meant: all that planning ever writes there (lib/plan/resolution.ts). */
const rememberSerials = onKeys('resolution#', allow('dynamodb', ['PutItem'], [arn('DirectoryTable')]));
/** A new token, its user's reservation while it is made, and the container that it is put into. */
const makeTokens = [
  allow('dynamodb', ['PutItem'], [arn('TokensTable')]),
  onKeys('reservation#', allow('dynamodb', ['PutItem'], [arn('DirectoryTable')])),
  onKeys('token#', allow('dynamodb', ['PutItem'], [arn('DirectoryTable')])),
  onKeys('container#', allow('dynamodb', ['UpdateItem'], [arn('DirectoryTable')])),
];
const generateMac = allow('kms', ['GenerateMac'], [arn('DerivationKey')]);
const derivationKey = { DERIVATION_KEY_ID: { Ref: 'DerivationKey' } };

const dispatch = {
  name: 'dispatch',
  handler: 'functions/dispatch.handler',
  description: 'Turns an auth event into the steps of the definitions that it meets',
  pattern: { source: [{ 'anything-but': ['tokenwright'] }] },
  // When an event arrived, which no sender can set: its time is never later (lib/event/arrival.ts).
  inputTransformer: {
    inputTemplate: '{"event": <aws.events.event.json>, "arrived": <aws.events.event.ingestion-time>}',
  },
  permissions: [
    allow('dynamodb', ['GetItem'], [arn('TokensTable')]),
    allow('dynamodb', ['Query'], [indexArn('TokensTable', 'owner')]),
    allow('dynamodb', ['GetItem', 'BatchGetItem', 'Query'], [arn('DefinitionsTable')]),
    allow('dynamodb', ['GetItem', 'Query'], [arn('DirectoryTable')]),
    rememberSerials,
    putEvents,
  ],
  // Dispatch itself puts there what is no auth event: retrying would not mend it.
  environment: { DEAD_LETTER_QUEUE_URL: { Ref: 'DispatchDeadLetters' } },
};

const pre = {
  name: 'pre',
  handler: 'functions/http/pre.handler',
  description: 'Does the pre definitions of one auth event while its sender waits',
  routes: [signed('POST', '/pre')],
  permissions: [
    allow('dynamodb', ['GetItem', 'UpdateItem'], [arn('TokensTable')]),
    allow('dynamodb', ['Query'], [indexArn('TokensTable', 'owner')]),
    allow('dynamodb', ['GetItem', 'BatchGetItem', 'Query'], [arn('DefinitionsTable')]),
    allow('dynamodb', ['GetItem', 'Query'], [arn('DirectoryTable')]),
    rememberSerials,
    allow('events', ['PutEvents'], [arn('ResultsBus')]),
    generateMac,
    ...makeTokens,
    ...sealSecrets,
  ],
  environment: { ...derivationKey, ...secretsKey, PRE_REPEAT_MINUTES: '${param:preRepeatMinutes}' },
};

/** What walks the indexes of a bulk run. It touches no token: the steps are done by the actions' own functions. */
const bulk = ({ lanes, pageSize }) => ({
  name: 'bulk',
  handler: 'functions/bulk.handler',
  description: 'Walks all unassigned or all disabled tokens for a definition, a page at a time',
  pattern: { source: ['tokenwright'], 'detail-type': ['token.bulk'] },
  permissions: [
    allow('dynamodb', ['Query'], [indexArn('TokensTable', 'unassigned'), indexArn('TokensTable', 'disabled')]),
    allow('dynamodb', ['GetItem', 'Query'], [arn('DefinitionsTable')]),
    allow('dynamodb', ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'], [arn('BulkRunsTable')]),
    putEvents,
  ],
  environment: {
    BULK_RUNS_TABLE: { Ref: 'BulkRunsTable' },
    BULK_LANES: String(lanes),
    BULK_PAGE_SIZE: String(pageSize),
  },
});

/** The function of one action, with the rights that its line of the table asks for. */
function action([name, { creates = false, derives = false, seals = false }]) {
  return {
    name: kebab(name),
    handler: `functions/actions/${kebab(name)}.handler`,
    description: `Token action "${name}"`,
    pattern: { source: ['tokenwright'], 'detail-type': ['token.action'], detail: { action: [name] } },
    permissions: [
      allow('dynamodb', ['GetItem', 'UpdateItem'], [arn('TokensTable')]),
      allow('dynamodb', ['Query'], [indexArn('TokensTable', 'owner')]),
      allow('dynamodb', ['GetItem'], [arn('DefinitionsTable')]),
      allow('dynamodb', ['GetItem', 'Query'], [arn('DirectoryTable')]),
      putEvents,
      ...(derives ? [generateMac] : []),
      ...(creates ? makeTokens : []),
      ...(seals ? sealSecrets : []),
    ],
    environment: { ...(derives && derivationKey), ...(seals && secretsKey) },
  };
}

const TABLES = [
  'TokensTable',
  'DefinitionsTable',
  'DirectoryTable',
  'SecretKeysTable',
  'OutcomesTable',
  'BulkRunsTable',
];

/** Whether a function puts events; only the roles of those that do may. */
const puts = ({ permissions }) => permissions.some(({ Action }) => Action.includes('events:PutEvents'));

const describe = async (resolveVariable) => [
  dispatch,
  pre,
  ...frontDoorFunctions(pre.permissions, derivationKey),
  ...httpFunctions,
  bulk(await resolveVariable('self:custom.bulk')),
  ...Object.entries(ACTIONS).map(action),
];

/** The `functions` of serverless.yml. */
export async function functions({ resolveVariable }) {
  const stage = await resolveVariable('sls:stage');
  const delivery = await resolveVariable('self:custom.delivery');
  const described = await describe(resolveVariable);
  return Object.fromEntries(described.map((lambda) => [lambda.name, functionBlock(lambda, stage, delivery)]));
}

/** The CloudFormation resources that belong to those functions, and what is said of all their roles and queues. */
export async function resources({ resolveVariable }) {
  const stage = await resolveVariable('sls:stage');
  const described = await describe(resolveVariable);
  const queues = [...described.filter((lambda) => 'pattern' in lambda).map(queueId), 'ResultsBusDeadLetters'];
  const functions = described.map((lambda) => ({
    name: fullName(lambda, stage),
    id: pascal(lambda.name),
    asynchronous: 'pattern' in lambda,
  }));
  const topic = await resolveVariable('param:alarmTopicArn');
  return {
    ...Object.assign({}, ...described.map((lambda) => functionResources(lambda, stage))),
    RedriveRole: redriveRole(queues, stage),
    ...alarms({ topic, functions, queues, tables: TABLES }),
    Dashboard: dashboard(stage),
    ...busPolicies(described.filter(puts).map(roleId), 'RedriveRole'),
  };
}

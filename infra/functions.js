/**
 * Everything that serverless.yml deploys: dispatch, pre, bulk, one function for each action, and their resources.
 * A function is described by its trigger and the calls that it may make; ./lambda.ts turns that into the function and
 * its role. The actions are not named here: they come from lib/action/table.ts.
 */
import { ACTIONS } from '../lib/action/table.ts';
import { adoptedTables, withAdopted } from './adopted-tables.ts';
import { alarms } from './alarms.ts';
import { busPolicies } from './bus-policies.ts';
import { buses } from './buses.ts';
import { dashboard } from './dashboard.ts';
import { deadLetters } from './dead-letters.ts';
import { frontDoorFunctions } from './front-door.ts';
import { httpFunctions, signed } from './http-functions.ts';
import { keys } from './keys.ts';
import { functionBlock, functionRole, kebab, roleArn, roleId, writesSecretDeadLetters } from './lambda.ts';
import { outputs as stackOutputs } from './outputs.ts';
import { PARAMETER_NAMES, readParameters } from './parameters.ts';
import { allow, arn, indexArn, onKeys, sealSecrets, secretsKey, uses } from './permissions.ts';
import { redriveRole } from './redrive-role.ts';
import { tables } from './tables.ts';

const putEvents = allow('events', ['PutEvents'], [arn('Bus'), arn('ResultsBus')]);
/** First-delivery snapshots: the only items that planning writes there (lib/plan/first-delivery.ts). */
const firstDeliverySnapshot = onKeys('resolution#', allow('dynamodb', ['PutItem'], [arn('DirectoryTable')]));
/** A new token, its user's reservation while it is created, and the container that it is put into. */
const createTokens = [
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
  // Adds the time of arrival, which no sender can set: no event occurs later than it arrives (lib/event/arrival.ts).
  inputTransformer: {
    inputTemplate: '{"event": <aws.events.event.json>, "arrived": <aws.events.event.ingestion-time>}',
  },
  permissions: [
    allow('dynamodb', ['GetItem'], [arn('TokensTable')]),
    allow('dynamodb', ['Query'], [indexArn('TokensTable', 'owner')]),
    allow('dynamodb', ['GetItem', 'BatchGetItem', 'Query'], [arn('DefinitionsTable')]),
    allow('dynamodb', ['GetItem', 'Query'], [arn('DirectoryTable')]),
    firstDeliverySnapshot,
    putEvents,
  ],
  // Dispatch itself sends malformed auth events there: a retry could not help.
  environment: { DEAD_LETTER_QUEUE_URL: { Ref: 'DispatchDeadLetters' } },
  deadLetters: 'DispatchDeadLetters',
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
    firstDeliverySnapshot,
    allow('events', ['PutEvents'], [arn('ResultsBus')]),
    generateMac,
    ...createTokens,
    ...sealSecrets,
  ],
  environment: { ...derivationKey, ...secretsKey, PRE_REPEAT_MINUTES: '${param:preRepeatMinutes}' },
};

/** Reads the indexes page by page for a bulk run. It changes no token: the functions of the actions do. */
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

/** The function of one action, with the permissions that its line of the table requires. */
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
      ...(creates ? createTokens : []),
      ...(seals ? sealSecrets : []),
    ],
    environment: { ...(derives && derivationKey), ...(seals && secretsKey) },
  };
}

/** Tells whether a function puts events on a bus. The bus policies deny it to the roles of all others. */
const puts = ({ permissions }) => permissions.some(({ Action }) => Action.includes('events:PutEvents'));

const describe = async (resolveVariable) => [
  dispatch,
  pre,
  ...frontDoorFunctions(pre.permissions, derivationKey),
  ...httpFunctions,
  bulk(await resolveVariable('self:custom.bulk')),
  ...Object.entries(ACTIONS).map(action),
];

/**
 * Reads the parameters of the deployment and the stage. If one is invalid, `problem` says so in one sentence,
 * with which the plugin stops the command; the defaults are used until then.
 */
async function deployment({ options, resolveVariable }) {
  const stage = await resolveVariable('sls:stage');
  const named = [options.param ?? []].flat().map((given) => String(given).split('=')[0]);
  const given = Object.fromEntries(
    await Promise.all(PARAMETER_NAMES.map(async (name) => [name, await resolveVariable(`param:${name}`)])),
  );
  const read = readParameters(given, named, stage);
  if (typeof read !== 'string') return { stage, parameters: read, problem: '' };
  const defaults = readParameters(await resolveVariable('self:params.default'), [], 'dev');
  if (typeof defaults === 'string') throw new Error(`serverless.yml: ${defaults}`);
  return { stage, parameters: defaults, problem: read };
}

/** The fault of the parameters, in one sentence; empty: there is none. */
export async function problem(context) {
  return (await deployment(context)).problem;
}

/** The parameters that serverless.yml itself uses, as numbers and booleans. */
export async function parameters(context) {
  return (await deployment(context)).parameters;
}

/** The variables of every function. */
export async function environment(context) {
  const { stage, parameters } = await deployment(context);
  const { ledgerDays } = await context.resolveVariable('self:custom.delivery');
  return withAdopted(
    {
      TOKENS_TABLE: { Ref: 'TokensTable' },
      DEFINITIONS_TABLE: { Ref: 'DefinitionsTable' },
      DIRECTORY_TABLE: { Ref: 'DirectoryTable' },
      BUS_NAME: { Ref: 'Bus' },
      RESULTS_BUS_NAME: { Ref: 'ResultsBus' },
      TIMEZONE: parameters.timezone,
      ISSUER: parameters.issuer,
      LEDGER_DAYS: String(ledgerDays),
      // Becomes the dimension of the metrics, which keeps those of each stage apart.
      POWERTOOLS_SERVICE_NAME: `tokenwright-${stage}`,
      POWERTOOLS_METRICS_NAMESPACE: 'Tokenwright',
    },
    adoptedTables(parameters),
  );
}

/** The `functions` of serverless.yml. */
export async function functions(context) {
  const { stage, parameters } = await deployment(context);
  const delivery = await context.resolveVariable('self:custom.delivery');
  const described = await describe(context.resolveVariable);
  const blocks = described.map((lambda) => [lambda.name, functionBlock(lambda, stage, delivery, parameters)]);
  return withAdopted(Object.fromEntries(blocks), adoptedTables(parameters));
}

/** The CloudFormation resources: roles, tables, buses, keys, queues, alarms and policies. */
export async function resources(context) {
  const { stage, parameters } = await deployment(context);
  const { ledgerDays } = await context.resolveVariable('self:custom.delivery');
  const described = await describe(context.resolveVariable);
  const adopted = adoptedTables(parameters);
  const { busName, resultsBusName, resultsBusKey } = parameters;
  const rolesThat = (use) => described.filter(use).map(({ name }) => roleArn(name, stage));
  const made = {
    ...Object.assign({}, ...described.map((lambda) => functionRole(lambda, stage, parameters))),
    ...tables(stage, parameters.deletionProtection),
    ...buses(parameters),
    ...keys(stage, {
      deriving: rolesThat(({ permissions }) => uses(permissions, 'DerivationKey')),
      sealing: rolesThat(({ permissions }) => uses(permissions, 'SecretsKey')),
      administrators: parameters.administratorArns,
      deadLetters: [...rolesThat(writesSecretDeadLetters), roleArn('redrive', stage)],
      resultsBusName,
      resultsBusKey,
    }),
    ...deadLetters(stage, ledgerDays, { bus: busName, results: resultsBusName }),
    RedriveRole: redriveRole(stage, parameters),
    ...alarms(stage, parameters.alarmTopicArn),
    ...(parameters.dashboard && { Dashboard: dashboard(stage, described) }),
    ...busPolicies(
      stage,
      described.filter(puts).map(roleId),
      described.filter(({ raisesAuthEvents }) => raisesAuthEvents).map(roleId),
      'RedriveRole',
    ),
  };
  for (const id of adopted.keys()) delete made[id];
  return withAdopted(made, adopted);
}

/** The outputs of the stack, for senders, consumers and the command line. */
export async function outputs(context) {
  const { parameters } = await deployment(context);
  return withAdopted(stackOutputs(), adoptedTables(parameters));
}

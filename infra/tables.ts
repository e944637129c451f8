/**
 * Makes the tables. CloudFormation chooses their names, so that tables which a failed or deleted stack has left behind do
 * not conflict with those of the next. The indexes of the token table project keys only: DynamoDB bills every index that
 * a write changes, and a write that changes neither owner nor state of a token changes none.
 */
import { arn } from './permissions.ts';

const ENCRYPTED = { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arn('StorageKey') } };
const RESTORABLE = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
const EXPIRING = { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } };
/** Only the rollback of the deployment that created a table deletes it. */
const OUTLIVES_THE_STACK = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

type KeyType = 'S' | 'N';
type TableKey = readonly [name: string, type: KeyType];

/**
 * Makes billing and keys of a table.
 *
 * @param keys the partition key, then the sort key
 * @param others the key attributes of its indexes
 */
function keyed(keys: readonly TableKey[], others: readonly TableKey[] = []): object {
  const AttributeDefinitions = [...keys, ...others].map(([AttributeName, AttributeType]) => ({
    AttributeName,
    AttributeType,
  }));
  return { BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions, KeySchema: schema(keys.map(([name]) => name)) };
}

function schema([hash, range]: readonly (string | undefined)[]): object[] {
  const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
  return [...(hash ? [key(hash, 'HASH')] : []), ...(range ? [key(range, 'RANGE')] : [])];
}

const index = (name: string, range: string, projection: 'KEYS_ONLY' | 'ALL', hash = name): object => ({
  IndexName: name,
  KeySchema: schema([hash, range]),
  Projection: { ProjectionType: projection },
});

const table = (...properties: object[]): TableResource => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: Object.assign({}, ...properties, ENCRYPTED),
});

/**
 * Makes the tables, by logical id.
 *
 * @param deletionProtection whether DynamoDB refuses to delete the tables that must be kept
 */
export function tables(stage: string, deletionProtection: boolean): Record<string, object> {
  const made = deployed(deletionProtection);
  if (stage !== 'local') return made;
  return Object.fromEntries(
    Object.entries(made).map(([id, { Properties, ...table }]) => {
      return [id, { ...table, Properties: { TableName: localName(id), ...Properties } }];
    }),
  );
}

/**
 * Makes the name of a table in the local stack, where a data folder keeps it by name: `tokenwright-local-secret-keys`.
 */
const localName = (id: string): string =>
  `tokenwright-local${id.replace(/Table$/, '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

interface TableResource {
  readonly Type: 'AWS::DynamoDB::Table';
  readonly Properties: object;
}

function deployed(deletionProtection: boolean): Record<string, TableResource> {
  const kept = (...properties: object[]): TableResource => ({
    ...OUTLIVES_THE_STACK,
    ...table(...properties, RESTORABLE, { DeletionProtectionEnabled: deletionProtection }),
  });
  const pkSk: readonly TableKey[] = [
    ['pk', 'S'],
    ['sk', 'S'],
  ];
  return {
    // The tombstones of deleted tokens expire.
    TokensTable: kept(
      keyed(
        [['serial', 'S']],
        [
          ['owner', 'S'],
          ['unassigned', 'S'],
          ['disabled', 'S'],
        ],
      ),
      { GlobalSecondaryIndexes: ['owner', 'unassigned', 'disabled'].map((name) => index(name, 'serial', 'KEYS_ONLY')) },
      EXPIRING,
    ),
    // Every version of every definition, and a pointer to the current set. A version never changes.
    DefinitionsTable: kept(keyed(pkSk)),
    // Users, realms, resolvers, token groups; and first-delivery snapshots, as long as events may be redelivered.
    DirectoryTable: kept(keyed(pkSk), EXPIRING),
    // The encrypted data keys. They have a table of their own, so that tokens or definitions that are restored from a
    // backup of last week still find the keys of this week. Keys are only ever added.
    SecretKeysTable: kept(
      keyed([
        ['ring', 'S'],
        ['version', 'N'],
      ]),
    ),
    // The progress of bulk runs; needs no backup.
    BulkRunsTable: table(keyed(pkSk), EXPIRING),
    // The outcomes of the last days, without their response. Keyed by id, so that none is stored twice; read by time.
    OutcomesTable: table(
      keyed(
        [
          ['serial', 'S'],
          ['id', 'S'],
        ],
        [['at', 'S']],
      ),
      { LocalSecondaryIndexes: [index('time', 'at', 'ALL', 'serial')] },
      EXPIRING,
    ),
  };
}

/**
 * The tables. None has a name of its own: CloudFormation makes one for each, so that what a failed or a removed stack
 * has left does not stand in the way of the next. The indexes of the token table project keys only: DynamoDB bills every
 * index that a write touches, and so a write that changes neither owner nor state of a token touches none.
 */
import { arn } from './permissions.ts';

const ENCRYPTED = { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arn('StorageKey') } };
const RESTORABLE = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
const EXPIRING = { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } };
/** A rollback of the deployment that made it deletes a table; nothing else does. */
const OUTLIVES_THE_STACK = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

type KeyType = 'S' | 'N';
type TableKey = readonly [name: string, type: KeyType];

/** What a table is called and keyed by: hash key, then range key. */
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
 * The tables by logical id.
 *
 * @param deletionProtection whether DynamoDB refuses to delete those that hold what is kept
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

/** On this machine a table has a name, under which a data folder keeps it: `tokenwright-local-secret-keys`. */
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
    // Expiring: the tombstones of deleted tokens.
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
    // Every version, which is never changed, and a pointer to the current set.
    DefinitionsTable: kept(keyed(pkSk)),
    // Users, realms, resolvers, token groups; and which tokens an event of a user meant, while it may come again.
    DirectoryTable: kept(keyed(pkSk), EXPIRING),
    // The data keys, wrapped. In a table of their own, because they are only ever added: a table of tokens or
    // definitions that is restored as it was last week must find the keys of this week.
    SecretKeysTable: kept(
      keyed([
        ['ring', 'S'],
        ['version', 'N'],
      ]),
    ),
    // Where the walks through all unassigned or all disabled tokens have come to: nothing to restore.
    BulkRunsTable: table(keyed(pkSk), EXPIRING),
    // The outcomes of the last days without their response. Found by id, so that a double is one; read by time.
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

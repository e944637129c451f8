/** A definition store on a table of its own for each test of a file, on one embedded DynamoDB. */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type DefinitionStore, definitionStore } from '../../lib/definition/store.ts';
import { createPkSkTable, startDynamodb } from '../support/dynamodb.ts';

export interface FreshStore {
  store: DefinitionStore;
  table: string;
  documents: DynamoDBDocumentClient;
}

/** Its fields are there while a test runs, each test's anew. */
export function freshStore(): FreshStore {
  const fresh = {} as FreshStore;
  let stop = async (): Promise<void> => undefined;
  let tables = 0;
  beforeAll(async () => {
    const database = await startDynamodb();
    fresh.documents = database.documents;
    stop = database.stop;
  });
  afterAll(() => stop());
  beforeEach(async () => {
    tables += 1;
    fresh.table = `definitions${tables}`;
    await createPkSkTable(fresh.documents, fresh.table);
    fresh.store = definitionStore(fresh.documents, fresh.table);
  });
  return fresh;
}

/**
 * test/directory proves that users are found as they are named, and that an import of the directory is complete or
 * refused.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Directory } from '../../lib/directory/directory.ts';
import { dynamodbDirectory, writeDirectory } from '../../lib/directory/dynamodb-directory.ts';
import { directoryItems } from '../../lib/directory/import.ts';
import type { UserReference } from '../../lib/directory/user.ts';
import { createPkSkTable, startDynamodb } from '../support/dynamodb.ts';

const TABLE = 'directory';
let database: Awaited<ReturnType<typeof startDynamodb>>;
let directory: Directory;

beforeAll(async () => {
  database = await startDynamodb();
  await createPkSkTable(database.documents, TABLE);
  const users = [{ login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' }];
  await writeDirectory(database.documents, TABLE, directoryItems({ users }));
  directory = dynamodbDirectory(database.documents, TABLE);
});
afterAll(() => database.stop());

it.each<[string, UserReference, boolean]>([
  ['login and realm', { login: 'cornelius', realm: 'realm1' }, true],
  ['resolver and uid', { resolver: 'resolver1', uid: '1000' }, true],
  ['everything', { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' }, true],
  ['login and realm, with the resolver', { login: 'cornelius', realm: 'realm1', resolver: 'resolver1' }, true],
  ['a namesake of another resolver', { login: 'cornelius', realm: 'realm1', resolver: 'resolver2' }, false],
  ['a namesake with another uid', { login: 'cornelius', realm: 'realm1', uid: '2000' }, false],
  ['another realm', { login: 'cornelius', realm: 'realm2' }, false],
  ['a login alone', { login: 'cornelius' }, false],
])('finds the user of an event by %s', async (_name, reference, found) => {
  expect((await directory.findUser(reference)) !== null).toBe(found);
});

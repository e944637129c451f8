/** What a rotation works with on a stack. */
import { documentClient } from '../../lib/aws/clients.ts';
import { secretBox } from '../../lib/secret/box.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { stackRing } from '../secrets.ts';
import type { Tables } from '../tables.ts';
import type { RotationTools } from './rotate.ts';
import { rotationNotes } from './state.ts';

export async function rotationTools(tables: Tables): Promise<Omit<RotationTools, 'now' | 'progress'>> {
  const client = documentClient();
  const ring = await stackRing(tables);
  return {
    client,
    table: tables.tokens,
    definitions: tables.definitions,
    store: tokenStore(client, tables.tokens),
    box: secretBox(ring),
    ring,
    notes: rotationNotes(client, tables.secretKeys),
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { actions } from '../../lib/action/catalogue.ts';
import { diffDefinitions } from '../../lib/definition/diff.ts';
import { exportDefinitions } from '../../lib/definition/export.ts';
import { NOTHING, propose } from '../../lib/definition/propose.ts';
import { memoryBox } from '../support/secrets.ts';

const FILE = join(import.meta.dirname, 'files', 'privacyidea-config.json');

it('import, export, import gives the same fifty definitions, every action among them', async () => {
  const box = memoryBox();
  const input: unknown = JSON.parse(readFileSync(FILE, 'utf8'));
  const first = await propose([{ input }], NOTHING, 'merge', box);
  const bodies = new Map(first.definitions.map((one) => [one.id, one]));
  const { exported } = await exportDefinitions(bodies, box);
  const second = await propose([{ input: JSON.parse(JSON.stringify(exported)) }], NOTHING, 'merge', box);
  expect(first.leftOut).toEqual([{ name: 'mail', handlermodule: 'UserNotification' }]);
  expect(first.ignored).toEqual(['policy', 'resolver']);
  expect(new Set(first.definitions.map(({ action }) => action))).toEqual(new Set(actions.map(({ name }) => name)));
  expect(diffDefinitions(bodies, new Map(second.definitions.map((one) => [one.id, one])))).toEqual([]);
  expect(second.definitions).toEqual(first.definitions);
  expect(second.definitions).toHaveLength(50);
});

import { expect, it } from 'vitest';
import { readScenario } from '../../cli/scenario/scenario.ts';

it('refuses an empty name with its path, before the database would', async () => {
  const given = {
    realms: { '': ['ldap'] },
    users: [{ login: '', realm: 'r', resolver: 'ldap', uid: '' }],
    tokengroups: [''],
    containers: [{ serial: '' }],
    counters: { '': 1 },
  };
  const { errors } = await readScenario(given, 0).then(
    () => ({ errors: [] }),
    (error) => error,
  );
  expect(errors.map((error: { details: { path: string } }) => error.details.path)).toEqual([
    'realms',
    'users[0].login',
    'users[0].uid',
    'tokengroups[0]',
    'containers[0].serial',
    'counters',
  ]);
});

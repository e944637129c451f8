/** Writes a checked scenario into a stack: directory, tokens, administrators, settings, definitions. */
import { settingsStore } from '../../lib/authenticate/settings-store.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { inFlight } from '../../lib/base/concurrency.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { commit, editsBetween, readCurrent } from '../../lib/definition/commit.ts';
import { sealDefinitions } from '../../lib/definition/sealed-options.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import { writeDirectory } from '../../lib/directory/dynamodb-directory.ts';
import { directoryItems } from '../../lib/directory/import.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { importToken } from '../../lib/tokentype/imported-token.ts';
import { noteOf } from '../definitions/note.ts';
import type { Tables } from '../stack/environment.ts';
import { stackBox } from '../stack/secrets.ts';
import { seedAdmins } from './callers.ts';
import type { CheckedScenario } from './scenario.ts';

/** A long timeout: after a short one the SDK would repeat the write, and find that the token exists already. */
const PATIENCE_MS = 60_000;

/** Writes the scenario. @throws TokenwrightError `token_exists` if a serial is taken */
export async function seed(scenario: CheckedScenario, tables: Tables): Promise<void> {
  const client = documentClient(PATIENCE_MS);
  await writeDirectory(client, tables.directory, directoryItems(scenario));
  const tokens = tokenStore(client, tables.tokens);
  const box = stackBox(tables);
  await inFlight(scenario.tokens ?? [], async (given) => {
    if (await tokens.create(await importToken(given, box))) return;
    throw new TokenwrightError('token_exists', `there is a token ${given.serial} already`, { given: given.serial });
  });
  await seedAdmins(scenario, tables);
  await seedSettings(scenario, client, tables);
  if (scenario.checked.definitions.length > 0) {
    const store = definitionStore(client, tables.definitions);
    const sealed = await sealDefinitions(scenario.checked.definitions, box);
    const { set, bodies } = await readCurrent(store);
    const after = new Map([...bodies, ...sealed.map((one) => [one.id, one] as const)]);
    await commit(store, set, editsBetween(bodies, after), await noteOf('set', {}));
  }
}

async function seedSettings(
  { settings, default_realm }: CheckedScenario,
  client: ReturnType<typeof documentClient>,
  { definitions }: Tables,
): Promise<void> {
  if (!settings && !default_realm) return;
  const store = settingsStore(client, definitions);
  const { version } = await store.current();
  const document = { ...settings, ...(default_realm && { default_realm }) };
  await store.apply(document, version, await noteOf('set', {}));
}

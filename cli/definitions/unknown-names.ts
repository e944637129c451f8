/** Warns of realms, resolvers, token groups and token types that definitions name and the stack does not have. */
import { documentClient } from '../../lib/aws/clients.ts';
import type { CodeAt } from '../../lib/base/codes.ts';
import { writtenConditions } from '../../lib/condition/clause.ts';
import type { Definition } from '../../lib/definition/definition.ts';
import type { DefinitionFinding } from '../../lib/definition/lint.ts';
import type { Directory } from '../../lib/directory/directory.ts';
import { dynamodbDirectory } from '../../lib/directory/dynamodb-directory.ts';
import { didYouMean } from '../../lib/schema/closest.ts';
import { tokenTypes } from '../../lib/tokentype/catalogue.ts';
import type { Tables } from '../stack/environment.ts';

type Kind = 'realm' | 'resolver' | 'token group' | 'token type';

const CODES: Readonly<Record<Kind, CodeAt<'warning'>>> = {
  realm: 'unknown_realm',
  resolver: 'unknown_resolver',
  'token group': 'unknown_tokengroup',
  'token type': 'unknown_tokentype',
};
const CONDITIONS: Readonly<Record<string, Kind>> = {
  realm: 'realm',
  tokenrealm: 'realm',
  container_realm: 'realm',
  resolver: 'resolver',
  tokenresolver: 'resolver',
  container_resolver: 'resolver',
  tokentype: 'token type',
};
/** Options that name a realm or a token group; the type of a new token is checked with its definition. */
const OPTIONS: Readonly<Record<string, Kind>> = { realm: 'realm', tokengroup: 'token group' };

interface Named {
  readonly kind: Kind;
  readonly name: string;
  readonly path: string;
}

/** Looks up the names in the stack's directory, which is read only if definitions name something. */
export async function unknownNames(
  definitions: readonly Definition[],
  tables: Pick<Tables, 'directory'>,
): Promise<DefinitionFinding[]> {
  const directory = dynamodbDirectory(documentClient(), tables.directory);
  const named = definitions.flatMap((one) => namesOf(one).map((name) => ({ ...name, definition: one })));
  if (named.length === 0) return [];
  const known = await knownNames(named, directory);
  return named.flatMap(({ kind, name, path, definition }) => {
    if (known[kind].includes(name)) return [];
    const hint = didYouMean(name, known[kind]);
    const what = kind === 'token type' ? 'Tokenwright has no token type' : `this stack has no ${kind}`;
    const message = `${what} ${JSON.stringify(name)}${hint}`;
    return [{ code: CODES[kind], id: definition.id, name: definition.name, path, message }];
  });
}

async function knownNames(named: readonly Named[], directory: Directory): Promise<Record<Kind, readonly string[]>> {
  const realms = await directory.realms();
  const groups = [...new Set(named.flatMap(({ kind, name }) => (kind === 'token group' ? [name] : [])))];
  const there = await Promise.all(groups.map((name) => directory.hasTokengroup(name)));
  return {
    realm: Object.keys(realms).map((realm) => realm.toLowerCase()),
    resolver: Object.values(realms).flat(),
    'token group': groups.filter((_, i) => there[i]),
    'token type': tokenTypes.map(({ name }) => name),
  };
}

/** Lists the names in a definition. What an action removes may be gone already, so its options are not checked. */
function namesOf(definition: Definition): Named[] {
  const inConditions = writtenConditions(definition).flatMap(({ name, wanted, path }) =>
    listed(CONDITIONS[name], wanted, path),
  );
  if (/^(remove|unassign|delete)/.test(definition.action)) return inConditions;
  const inOptions = Object.entries(definition.options).flatMap(([name, value]) =>
    listed(OPTIONS[name], value, `options.${name}`),
  );
  return [...inConditions, ...inOptions];
}

/** Splits a list into names. Returns none for a value with tags, which are not known here. */
function listed(kind: Kind | undefined, value: unknown, path: string): Named[] {
  if (kind === undefined || typeof value !== 'string' || value.includes('{')) return [];
  const names = value.split(',').map((name) => name.trim());
  return names.filter(Boolean).map((name) => ({ kind, name: kind === 'realm' ? name.toLowerCase() : name, path }));
}

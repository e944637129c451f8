/** Opens the tokens, users and definitions of a stack or of a scenario file, for explain and replay. Writes nothing. */
import { Option } from '@commander-js/extra-typings';
import { documentClient } from '../../lib/aws/clients.ts';
import { processClock } from '../../lib/base/clock.ts';
import type { Definition } from '../../lib/definition/definition.ts';
import { compileCurrentSet, compileSet, type DefinitionSet } from '../../lib/definition/definition-cache.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import { dynamodbDirectory } from '../../lib/directory/dynamodb-directory.ts';
import { directoryItems } from '../../lib/directory/import.ts';
import { memoryDirectory } from '../../lib/directory/item-directory.ts';
import { readFirstDelivery } from '../../lib/plan/first-delivery.ts';
import { CLOSED_BOX, type Scene } from '../../lib/simulate/dry-run.ts';
import { memoryTokens, tokenStore } from '../../lib/token/store.ts';
import { importToken } from '../../lib/tokentype/imported-token.ts';
import type { StackChoice } from '../command.ts';
import { readScenarioDocument } from '../input/read-file.ts';
import { inFile } from '../output/errors.ts';
import { type CheckedScenario, readScenario } from '../scenario/scenario.ts';
import type { Tables } from '../stack/environment.ts';
import { selectStack } from '../stack/target.ts';

export interface Viewed {
  readonly scene: Scene;
  /** Reads the definitions. */
  current(): Promise<DefinitionSet>;
  /** The tables of a stack; undefined for a scenario. */
  readonly tables?: Tables;
}

export const sceneOption = new Option(
  '--tokens <file>',
  'use the tokens, users and definitions of a scenario file instead of a running stack',
);

export interface SceneChoice extends StackChoice {
  readonly tokens?: string | undefined;
}

/** Opens the local stack, the one of `--stage`, or the scenario of `--tokens`. */
export async function openScene({ stage, tokens }: SceneChoice): Promise<Viewed> {
  return tokens === undefined ? onStack(stage) : inScenario(tokens);
}

async function onStack(stage: string | undefined): Promise<Viewed> {
  const tables = await selectStack(stage);
  const client = documentClient();
  const scene: Scene = {
    tokens: tokenStore(client, tables.tokens),
    directory: dynamodbDirectory(client, tables.directory),
    firstDelivery: readFirstDelivery(client, tables.directory),
    timezone: process.env.TIMEZONE ?? 'UTC',
    now: () => processClock().now(),
  };
  return { scene, current: () => compileCurrentSet(definitionStore(client, tables.definitions)), tables };
}

async function inScenario(file: string): Promise<Viewed> {
  const document = await readScenarioDocument(file);
  const scenario = await inFile(file, () => readScenario(document, processClock().now()));
  return { scene: await sceneOf(scenario), current: () => unapplied(scenario.checked.definitions) };
}

/** Builds a scene with the tokens and users of a scenario, in memory. */
export async function sceneOf(scenario: CheckedScenario): Promise<Scene> {
  return {
    tokens: memoryTokens(await Promise.all((scenario.tokens ?? []).map((token) => importToken(token, CLOSED_BOX)))),
    directory: memoryDirectory(directoryItems(scenario)),
    firstDelivery: async (_event, found) => found,
    timezone: scenario.timezone,
    now: () => processClock().now(),
  };
}

/** Compiles a set of definitions that are not stored. */
export function unapplied(definitions: readonly Definition[]): Promise<DefinitionSet> {
  return compileSet(definitions.map((body) => ({ id: body.id, version: 0, body })));
}

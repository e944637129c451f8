/**
 * Rotates the data key: creates a new one, and seals everything again with it. A running function may use the former key for
 * five more seconds, so a second pass begins after that; it also seals what the first pass missed.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { documentClient } from '../../lib/aws/clients.ts';
import { secretBox } from '../../lib/secret/box.ts';
import { type KeyRing, RING_REVALIDATED_AFTER_MS } from '../../lib/secret/key-ring.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { count } from '../output/display.ts';
import type { Tables } from '../stack/environment.ts';
import { stackRing } from '../stack/secrets.ts';
import { type Resealed, type ResealTools, resealDefinitions, resealTokens } from './reseal.ts';
import { type RotationNotes, rotationNotes } from './state.ts';

export interface RotationTools extends ResealTools {
  readonly ring: KeyRing;
  readonly notes: RotationNotes;
  readonly definitions: string;
  now(): number;
  progress(line: string): void;
}

/** Builds the tools of a rotation on a stack. */
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

export interface Rotation {
  readonly version: number;
  readonly tokens: number;
  readonly definitions: number;
  readonly broken: readonly string[];
}

const MARGIN_MS = 1000;

/** Begins a rotation, or continues one that was stopped. */
export async function rotate(tools: RotationTools): Promise<Rotation> {
  const { ring, notes } = tools;
  const { version, rotated_at, cursor } = await begin(tools);
  const first = await pass(tools, version, cursor, rotated_at);
  const left = rotated_at + RING_REVALIDATED_AFTER_MS + MARGIN_MS - tools.now();
  if (left > 0) await wait(left);
  const second = await pass(tools, version, undefined, rotated_at);
  const definitions = await resealDefinitions(tools.client, tools.definitions, tools.box);
  await notes.write((await ring.newest()).version, { rotated_at, done: true });
  const broken = [...new Set([...second.broken, ...definitions.broken])];
  return { version, tokens: first.sealed + second.sealed, definitions: definitions.sealed, broken };
}

async function begin({ ring, notes, now, progress }: RotationTools) {
  const newest = await ring.newest();
  const { rotated_at, cursor, done } = await notes.read(newest.version);
  if (rotated_at !== undefined && !done) {
    progress(`continuing the rotation to key ${newest.version}`);
    return { version: newest.version, rotated_at, cursor };
  }
  const { version } = await ring.rotate();
  await notes.write(version, { rotated_at: now() });
  progress(`created key ${version}`);
  return { version, rotated_at: now(), cursor: undefined };
}

async function pass(
  tools: RotationTools,
  version: number,
  cursor: string | undefined,
  rotated_at: number,
): Promise<Resealed> {
  const broken: string[] = [];
  let [seen, sealed] = [0, 0];
  for await (const page of resealTokens(tools, version, cursor)) {
    seen += page.seen;
    sealed += page.sealed;
    broken.push(...page.broken);
    if (page.cursor !== undefined) await tools.notes.write(version, { rotated_at, cursor: page.cursor });
    tools.progress(`${count(seen, 'token')} seen, ${sealed} sealed again`);
  }
  return { seen, sealed, broken };
}

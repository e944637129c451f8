/**
 * Which tokens each definition of a plan is about: those that the event names, else the only token of its
 * user; for the target `user`, all of them; for `siblings`, the others of their owner and type.
 */
import { createsToken, detachesToken } from '../action/table.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import { stateOf, type Target } from '../definition/target.ts';
import type { UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { type FactSources, ownerOf } from '../step/facts.ts';
import type { StepRuntime } from '../step/run-slip.ts';
import type { RememberSerials } from './resolution.ts';
import { findSiblings } from './siblings.ts';

export interface PlanSources extends FactSources {
  readonly rememberSerials: RememberSerials;
}

/** What a step works with, and what planning needs besides. */
export interface PlanRuntime extends StepRuntime {
  readonly sources: PlanSources;
}

export interface Targets {
  readonly bySerial: ReadonlyMap<string, readonly CompiledDefinition[]>;
  /** Definitions for which the event has no token. */
  readonly without: readonly CompiledDefinition[];
  /** Definitions on all tokens of a state, which no event leads to. */
  readonly bulk: readonly CompiledDefinition[];
}

/** Finds them. @param user the event's user, looked up; `null`: nobody, or whom only the token tells */
export async function findTargets(
  event: AuthEvent,
  user: UserIdentity | null,
  definitions: readonly CompiledDefinition[],
  sources: PlanSources,
): Promise<Targets> {
  const bulk = definitions.filter(({ definition }) => stateOf(definition.target) !== null);
  const candidates = definitions.filter((candidate) => !bulk.includes(candidate));
  if (candidates.length === 0) return { bySerial: new Map(), without: [], bulk };
  const named = [...event.serials];
  const wholeUser = candidates.some(({ definition }) => definition.target === 'user');
  const needsOwned = wholeUser || named.length === 0;
  const hasUser = user !== null || (event.user === null && named.length === 1);
  const owned = hasUser && needsOwned ? await findOwned(event, user, candidates, wholeUser, sources) : [];
  const current = named.length > 0 ? named : owned.length === 1 ? owned : [];
  const siblings = candidates.some(({ definition }) => definition.target === 'siblings')
    ? await remembered(event, 'siblings', await findSiblings(current, sources.tokens), candidates, sources)
    : [];
  const byTarget: Partial<Record<Target, readonly string[]>> = { current, user: owned, siblings };
  const bySerial = new Map<string, CompiledDefinition[]>();
  const without: CompiledDefinition[] = [];
  for (const candidate of candidates) {
    const serials = byTarget[candidate.definition.target] ?? [];
    if (serials.length === 0) without.push(candidate);
    for (const serial of serials) {
      const concerned = bySerial.get(serial);
      if (concerned) concerned.push(candidate);
      else bySerial.set(serial, [candidate]);
    }
  }
  return { bySerial, without, bulk };
}

async function findOwned(
  event: AuthEvent,
  user: UserIdentity | null,
  candidates: readonly CompiledDefinition[],
  all: boolean,
  sources: PlanSources,
): Promise<readonly string[]> {
  const { tokens } = sources;
  const owned: string[] = [];
  const owner = user ?? (await ownerOf(event.serials[0], tokens));
  for await (const serial of owner ? tokens.serialsOf(owner) : []) {
    owned.push(serial);
    if (owned.length > 1 && !all) break;
  }
  return remembered(event, 'serials', owned, candidates, sources);
}

/** What the first delivery found, where the event's own steps take tokens from their user, or give one. */
async function remembered(
  event: AuthEvent,
  kind: 'serials' | 'siblings',
  found: readonly string[],
  candidates: readonly CompiledDefinition[],
  { rememberSerials }: PlanSources,
): Promise<readonly string[]> {
  const changes = candidates.some(({ definition: { action } }) => detachesToken(action) || createsToken(action));
  return changes ? rememberSerials(event, found, kind) : found;
}

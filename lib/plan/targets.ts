/**
 * Finds the tokens that each definition of a plan is about: those that the event names, else the only token of its
 * user; for the target `user`, all tokens of the user; for `siblings`, the other tokens of the same owner and type.
 */
import { createsToken, detachesToken } from '../action/table.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import { stateOf, type Target } from '../definition/target.ts';
import { isSameUser, type UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { type FactSources, ownerOf } from '../step/facts.ts';
import type { StepRuntime } from '../step/run-slip.ts';
import { isLive } from '../token/record.ts';
import type { FirstDelivery } from './first-delivery.ts';

export interface PlanSources extends FactSources {
  readonly firstDelivery: FirstDelivery;
}

/** The tools of steps and planning. */
export interface PlanRuntime extends StepRuntime {
  readonly sources: PlanSources;
}

export interface Targets {
  readonly bySerial: ReadonlyMap<string, readonly CompiledDefinition[]>;
  /** Definitions for which the event has no token. */
  readonly without: readonly CompiledDefinition[];
  /** Definitions on all tokens of a state. */
  readonly bulk: readonly CompiledDefinition[];
}

/**
 * Finds the targets.
 *
 * @param user the event's user as the directory has it; `null`: none, or only the token tells
 * @throws transient errors of its reads
 */
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
  const isWholeUser = candidates.some(({ definition }) => definition.target === 'user');
  const needsOwned = isWholeUser || named.length === 0;
  const hasUser = user !== null || (event.user === null && named.length === 1);
  const owned = hasUser && needsOwned ? await findOwned(event, user, candidates, isWholeUser, sources) : [];
  const current = named.length > 0 ? named : owned.length === 1 ? owned : [];
  const siblings = candidates.some(({ definition }) => definition.target === 'siblings')
    ? await atFirstDelivery(event, 'siblings', await findSiblings(current, sources.tokens), candidates, sources)
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

/** Finds the serials of the user's tokens, at most two unless all are needed: several tokens count as none. */
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
  return atFirstDelivery(event, 'serials', owned, candidates, sources);
}

/** Reads the snapshot of the first delivery, if the event's own steps change which tokens a user has. */
async function atFirstDelivery(
  event: AuthEvent,
  kind: 'serials' | 'siblings',
  found: readonly string[],
  candidates: readonly CompiledDefinition[],
  { firstDelivery }: PlanSources,
): Promise<readonly string[]> {
  const changes = candidates.some(({ definition: { action } }) => detachesToken(action) || createsToken(action));
  return changes ? firstDelivery(event, found, kind) : found;
}

/**
 * Finds the siblings of tokens: the other tokens of the same owner and type, but for the given ones. At a rollover the
 * event names the new token, and its siblings are the old ones.
 *
 * @returns each once, in the order in which they are found
 */
async function findSiblings(serials: readonly string[], tokens: FactSources['tokens']): Promise<string[]> {
  const named = new Set(serials);
  const siblings = new Set<string>();
  for (const serial of serials) {
    const record = await tokens.read(serial);
    if (!isLive(record) || record.token.user === null) continue;
    const { user, tokentype } = record.token;
    for await (const other of tokens.serialsOf(user)) {
      if (named.has(other) || siblings.has(other)) continue;
      // The index may lag behind the tokens.
      const found = await tokens.read(other);
      const isSibling = isLive(found) && found.token.tokentype === tokentype && isSameUser(found.token.user, user);
      if (isSibling) siblings.add(other);
    }
  }
  return [...siblings];
}

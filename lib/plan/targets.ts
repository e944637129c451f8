/**
 * Which tokens each definition of a plan is about: those that the event names, else the only token of its
 * user; for the target `user`, all of them.
 */
import type { CompiledDefinition } from '../definition/compile.ts';
import type { UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { FactSources } from './facts.ts';
import { LEAVING, type RememberSerials } from './resolution.ts';

export interface PlanSources extends FactSources {
  readonly rememberSerials: RememberSerials;
}

export interface Targets {
  readonly bySerial: ReadonlyMap<string, readonly CompiledDefinition[]>;
  /** Definitions for which the event has no token. */
  readonly without: readonly CompiledDefinition[];
}

/** Finds them. @param user the event's user, looked up; `null`: nobody, or whom only the token tells */
export async function findTargets(
  event: AuthEvent,
  user: UserIdentity | null,
  candidates: readonly CompiledDefinition[],
  sources: PlanSources,
): Promise<Targets> {
  const named = [...event.serials];
  const wholeUser = candidates.some(({ definition }) => definition.target === 'user');
  const needsOwned = wholeUser || named.length === 0;
  const hasUser = user !== null || (event.user === null && named.length === 1);
  const owned = hasUser && needsOwned ? await findOwned(event, user, candidates, wholeUser, sources) : [];
  const current = named.length > 0 ? named : owned.length === 1 ? owned : [];
  const bySerial = new Map<string, CompiledDefinition[]>();
  const without: CompiledDefinition[] = [];
  for (const candidate of candidates) {
    const serials = candidate.definition.target === 'user' ? owned : current;
    if (serials.length === 0) without.push(candidate);
    for (const serial of serials) {
      const concerned = bySerial.get(serial);
      if (concerned) concerned.push(candidate);
      else bySerial.set(serial, [candidate]);
    }
  }
  return { bySerial, without };
}

async function findOwned(
  event: AuthEvent,
  user: UserIdentity | null,
  candidates: readonly CompiledDefinition[],
  all: boolean,
  { tokens, rememberSerials }: PlanSources,
): Promise<readonly string[]> {
  const owned: string[] = [];
  const owner = user ?? (await ownerOf(event.serials[0], tokens));
  for await (const serial of owner ? tokens.serialsOf(owner) : []) {
    owned.push(serial);
    if (owned.length > 1 && !all) break;
  }
  const leaves = candidates.some(({ definition }) => LEAVING.has(definition.action));
  return leaves ? rememberSerials(event, owned) : owned;
}

/** The user of an event that names nobody: the owner of its one token. */
async function ownerOf(serial: string | undefined, tokens: FactSources['tokens']): Promise<UserIdentity | null> {
  const record = serial === undefined ? undefined : await tokens.read(serial);
  return record && record.deletedAt === null ? record.token.user : null;
}

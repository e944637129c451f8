/**
 * Loads the facts that are needed and not there yet, each at most once. Planning loads what the event names; a step
 * loads the rest, which depends on its token.
 */

import * as z from 'zod/mini';
import type { Clause } from '../condition/clause.ts';
import type { FactName, Facts } from '../condition/condition.ts';
import type { Challenge, Container, Directory } from '../directory/directory.ts';
import { ChallengeItem, ContainerItem } from '../directory/items.ts';
import { isSameUser, type UserIdentity } from '../directory/user.ts';
import { check } from '../schema/validate.ts';
import { isLive } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';

export interface FactSources {
  readonly directory: Directory;
  readonly tokens: Pick<TokenStore, 'read' | 'serialsOf'>;
}

/** The parts of the event by which its challenges and container are found. */
export interface FactHints {
  readonly transaction_id: string | null;
  readonly container_serial: string | null;
  /** Challenges and container as the event itself carries them; `null`: it carries none. */
  readonly challenge: unknown;
  readonly container: unknown;
}

type Loader = (facts: Facts, hints: FactHints, sources: FactSources) => Promise<Partial<Facts>>;

const LOADERS: Partial<Record<FactName, Loader>> = {
  attributes: async (facts, _hints, { directory }) => ({
    attributes: facts.user ? await directory.ownerEntry(facts.user) : null,
  }),
  user_tokens: async (facts, _hints, { tokens }) =>
    facts.user ? readTokens(facts.user, tokens) : { user_tokens: null },
  user_containers: async (facts, _hints, { directory }) => ({
    user_containers: facts.user ? await directory.countContainers(facts.user) : null,
  }),
  owner: async (facts, _hints, { directory }) => ({
    owner: facts.token?.user ? await directory.ownerEntry(facts.token.user) : null,
  }),
  realms: async (_facts, _hints, { directory }) => ({ realms: await directory.realms() }),
  counter: async (_facts, _hints, { directory }) => ({ counter: await directory.counters() }),
  challenge: async (facts, hints, { directory }) => ({ challenge: await loadChallenges(facts, hints, directory) }),
  container: async (facts, hints, { directory }) => ({ container: await loadContainer(facts, hints, directory) }),
};

/**
 * Loads what clauses need and is not there yet.
 *
 * @param available which facts may be loaded: planning loads none that depend on the token
 * @throws transient errors in the reads
 */
export async function completeFacts(
  facts: Facts,
  clauses: readonly Pick<Clause, 'needs'>[],
  hints: FactHints,
  sources: FactSources,
  available: (name: FactName) => boolean = () => true,
): Promise<Facts> {
  let complete = facts;
  for (const { needs } of clauses) {
    for (const name of needs) {
      const load = LOADERS[name];
      if (!load || !available(name) || complete[name] !== undefined) continue;
      complete = { ...complete, ...(await load(complete, hints, sources)) };
    }
  }
  return complete;
}

async function readTokens(user: UserIdentity, tokens: FactSources['tokens']) {
  const found = [];
  const steps = new Map<string, string>();
  for await (const serial of tokens.serialsOf(user)) {
    const record = await tokens.read(serial);
    // The index may lag behind the tokens.
    if (!isLive(record) || !isSameUser(record.token.user, user)) continue;
    found.push(record.token);
    for (const { step } of record.ledger) steps.set(step, serial);
  }
  return { user_tokens: found, user_token_steps: steps };
}

async function loadChallenges(facts: Facts, hints: FactHints, directory: Directory): Promise<readonly Challenge[]> {
  if (hints.challenge !== null) {
    const carried = check(z.array(ChallengeItem), [hints.challenge].flat(), 'bad_event');
    if (carried.ok) return carried.value;
  }
  return facts.serial ? directory.challenges(facts.serial, hints.transaction_id) : [];
}

async function loadContainer(facts: Facts, hints: FactHints, directory: Directory): Promise<Container | null> {
  if (hints.container !== null) {
    const carried = check(ContainerItem, hints.container, 'bad_event');
    if (carried.ok) return carried.value;
  }
  if (hints.container_serial !== null) return directory.container(hints.container_serial);
  return facts.serial ? directory.containerOfToken(facts.serial) : null;
}

/**
 * Reads the owner of a token, who is the user of an event that names none.
 *
 * @returns `null`: no owner, or no such token
 */
export async function ownerOf(serial: string | undefined, tokens: FactSources['tokens']): Promise<UserIdentity | null> {
  const record = serial === undefined ? undefined : await tokens.read(serial);
  return isLive(record) ? record.token.user : null;
}

/** Adds that the event has no token: the facts that depend on one are known to be missing. */
export function withoutToken(base: Facts): Facts {
  return { ...base, serial: null, token: null, owner: null, realms: {}, user: base.user ?? null };
}

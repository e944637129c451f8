/**
 * Definitions whose action makes a token: once an event, whatever number of tokens that is about, in a slip of their
 * own. A redelivery means what the first delivery meant: a token that the event has made already is counted by no
 * condition, and its step only announces it again.
 */
import { createsToken, detachesToken } from '../action/table.ts';
import { countsTokens } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import { UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { eventKey, stepId } from '../event/step-id.ts';
import { parse } from '../schema/validate.ts';
import { completeFacts, type FactSources, ownerOf } from '../step/facts.ts';
import { isOut } from '../step/judge.ts';
import { judgeWithoutToken } from '../step/without-token.ts';
import { stepHash } from '../token/ledger.ts';
import { type OpenStep, type OpenSteps, openSteps } from './open-steps.ts';
import type { PlanSources, Targets } from './targets.ts';

export function isMaker({ definition }: CompiledDefinition): boolean {
  return createsToken(definition.action);
}

/** The tokens that the event is about, for the definitions that make one: they share a slip of their own. */
export function aboutOf(makers: readonly CompiledDefinition[], { bySerial }: Targets): readonly string[] {
  return [...bySerial].flatMap(([serial, concerned]) =>
    makers.some((one) => concerned.includes(one)) ? [serial] : [],
  );
}

/**
 * Whose tokens they make, where the event names no user and its own steps take its token from the owner: the owner
 * whom the first delivery found. Those steps go their own way, and may be done before.
 *
 * @returns `undefined`: whoever owns the token when it is made
 */
export async function ownerBefore(
  makers: readonly CompiledDefinition[],
  about: readonly string[],
  event: AuthEvent,
  { bySerial }: Targets,
  { tokens, rememberSerials }: PlanSources,
): Promise<UserIdentity | null | undefined> {
  const [serial] = about;
  if (serial === undefined || about.length > 1 || !makers.some(({ eventNeeds }) => eventNeeds.user)) return undefined;
  if (!bySerial.get(serial)?.some(({ definition }) => detachesToken(definition.action))) return undefined;
  const owner = await ownerOf(serial, tokens);
  const [kept] = await rememberSerials(event, owner ? [JSON.stringify(owner)] : [], 'owner');
  return kept === undefined ? null : parse(UserIdentity, JSON.parse(kept), 'bad_item');
}

/** Their steps. @param about the tokens that the event is about for them */
export async function openMakers(
  makers: readonly CompiledDefinition[],
  about: readonly string[],
  known: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<OpenSteps> {
  const now = await counted(makers, about.length === 1 ? { ...known, serial: about[0] } : known, event, sources);
  const madeBy = (one: CompiledDefinition) => now.user_token_steps?.get(stepHash(makingStep(one, event)));
  const again = makers.filter((candidate) => madeBy(candidate) !== undefined);
  // Counted as at the first delivery: without what the event itself has made.
  const own = new Set(again.map(madeBy));
  const before = now.user_tokens?.filter(({ serial }) => !own.has(serial));
  const base = before ? { ...now, user_tokens: before } : now;
  const first = makers.filter((candidate) => !again.includes(candidate));
  const { steps, refused } =
    about.length > 0
      ? await openSteps(first, base, event, sources)
      : await openWithoutToken(first, base, event, sources);
  const all = [...steps, ...again.map((candidate) => ({ candidate, open: [] }))].map(withCounting);
  // In the order of the definitions.
  return { steps: all.sort((a, b) => makers.indexOf(a.candidate) - makers.indexOf(b.candidate)), refused };
}

/** With the user's tokens, where it counts how many there are. */
async function counted(
  makers: readonly CompiledDefinition[],
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<Facts> {
  const isCounting = makers.some(({ clauses }) => clauses.some(countsTokens) && !isOut(clauses, base));
  return isCounting && base.user ? completeFacts(base, ['user_tokens'], event, sources) : base;
}

/** A redelivery is not counted against itself: where the token is there, the step only announces it again. */
function makingStep({ definition }: CompiledDefinition, event: AuthEvent): string {
  return stepId(eventKey(event), { definition: definition.id }, null);
}

async function openWithoutToken(
  makers: readonly CompiledDefinition[],
  known: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<OpenSteps> {
  const judged = await Promise.all(
    makers.map(async (candidate) => ({ candidate, judged: await judgeWithoutToken(candidate, known, event, sources) })),
  );
  return {
    steps: judged.flatMap(({ candidate, judged: { verdict } }) =>
      verdict === 'open' ? [{ candidate, open: [] }] : [],
    ),
    refused: judged.flatMap(({ candidate, judged: found }) =>
      found.verdict === 'unevaluable' ? [{ candidate, reason: found.reason }] : [],
    ),
  };
}

/** How many tokens a user has is counted again where one is made: here two events at once may both find none. */
function withCounting({ candidate, open }: OpenStep): OpenStep {
  const counting = candidate.clauses.flatMap((clause, i) => (countsTokens(clause) ? [i] : []));
  return { candidate, open: [...new Set([...open, ...counting])].sort((a, b) => a - b) };
}

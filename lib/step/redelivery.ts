/**
 * Announces a step that is delivered again. Its effect is there, so its outcome is announced once more, with the same id
 * and content. A secret in it is derived again, unless the token has got another one since.
 */
import { done, type Outcome, type ResponseDetail } from '../event/outcome.ts';
import { hasStep, stepHash } from '../token/ledger.ts';
import type { TokenRecord } from '../token/record.ts';
import { compareStamps } from '../token/stamp.ts';
import { type CreationStep, type CreationTools, toolsOf, type UpdateStep, type UpdateTools } from './step.ts';

/** Replaces the event's time by the one in the ledger: a repeated event without `occurred_at` has another time. */
export function asApplied<S extends UpdateStep | CreationStep>(step: S, { ledger }: TokenRecord): S {
  const { subject, stamp } = step;
  const hash = stepHash(subject.id);
  const time = ledger.find((entry) => entry.step === hash)?.time ?? subject.event.time;
  return { ...step, subject: { ...subject, event: { ...subject.event, time } }, stamp: { ...stamp, time } };
}

/**
 * Replaces the step's id by its former one, if the token's ledger has the former id of this step or of a later one: then
 * the release before event keys has planned the same event. Only that release and its slips add entries under former
 * ids. An entry counts only if its event occurred in the same second.
 */
export function asFormerStep(step: UpdateStep, { ledger }: TokenRecord): UpdateStep {
  const inSameSecond = ledger.filter(({ time }) => secondOf(time) === secondOf(step.stamp.time));
  if (!step.former || inSameSecond.length === 0) return step;
  const { id, laterSteps } = step.former();
  if (hasStep(ledger, step.subject.id) || ![id, ...laterSteps].some((one) => hasStep(inSameSecond, one))) return step;
  return { ...step, isFormer: true, subject: { ...step.subject, id }, laterSteps };
}

/** Rounds down to the second, as that release did with the time of an event without `occurred_at`. */
const secondOf = (time: number): number => Math.floor(time / 1000);

/** Makes the outcome of a change that was made before. @param step the result of `asApplied` */
export async function announceUpdate(step: UpdateStep, record: TokenRecord, deps: UpdateTools): Promise<Outcome> {
  const hash = stepHash(step.subject.id);
  const note = record.notes.find((one) => one.step === hash);
  return done(step.subject, note?.changes ?? null, await recallResponse(step, record, deps));
}

/**
 * Makes the action's response again.
 *
 * @returns `null` if the token's secret is no longer the one that this step generated
 */
async function recallResponse(
  step: UpdateStep,
  record: TokenRecord,
  deps: UpdateTools,
): Promise<ResponseDetail | null> {
  const { recall } = step.action;
  if (!recall) return {};
  if (!mayRepeat(step, deps)) return null;
  const stamp = record.stamps[recall.path];
  if (!step.options.ok || !stamp || compareStamps(stamp, step.stamp) !== 0) return null;
  return recall.respond(step.options.value, toolsOf(step, deps));
}

/**
 * Makes the response of a creation that was made before.
 *
 * @param step the result of `asApplied`
 * @returns `null` if the token was deleted, or has another secret by now
 */
export async function recallCreation(
  step: CreationStep,
  { token, stamps, deletedAt }: TokenRecord,
  deps: CreationTools,
): Promise<ResponseDetail | null> {
  const { options, action } = step;
  const isUnchanged = deletedAt === null && !stamps.pin && !stamps.otpkey;
  if (!isUnchanged || !options.ok || !mayRepeat(step, deps)) return null;
  return action.recall(token.serial, options.value, toolsOf(step, deps));
}

function mayRepeat(
  { subject }: UpdateStep | CreationStep,
  { repeatFor = Infinity, now }: Pick<UpdateTools, 'repeatFor' | 'now'>,
): boolean {
  return now() - subject.event.time <= repeatFor;
}

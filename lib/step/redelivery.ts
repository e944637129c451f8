/**
 * A step that is delivered again: its effect is there, so its outcome is announced once more, with the same id and the
 * same content. A secret in it is derived again, unless the token has got another one since.
 */
import { done, type Outcome, type ResponseDetail } from '../event/outcome.ts';
import { hasStep, stepHash } from '../token/ledger.ts';
import type { TokenRecord } from '../token/record.ts';
import { compareStamps } from '../token/stamp.ts';
import { type CreationStep, type CreationTools, toolsOf, type UpdateStep, type UpdateTools } from './step.ts';

/** The step with the event's time in the ledger: a repeated event without `occurred_at` has another time. */
export function asApplied<S extends UpdateStep | CreationStep>(step: S, { ledger }: TokenRecord): S {
  const { subject, stamp } = step;
  const hash = stepHash(subject.id);
  const time = ledger.find((entry) => entry.step === hash)?.time ?? subject.event.time;
  return { ...step, subject: { ...subject, event: { ...subject.event, time } }, stamp: { ...stamp, time } };
}

/**
 * The step under its former id, where the token's ledger has that id, or that of a later step: the release before event
 * keys has planned the same event. Only that release and its slips put entries under former ids, so no event of this
 * release can. An entry counts only if its event occurred in the same second.
 */
export function asFormerStep(step: UpdateStep, { ledger }: TokenRecord): UpdateStep {
  const inSameSecond = ledger.filter(({ time }) => secondOf(time) === secondOf(step.stamp.time));
  if (!step.former || inSameSecond.length === 0) return step;
  const { id, laterSteps } = step.former();
  if (hasStep(ledger, step.subject.id) || ![id, ...laterSteps].some((one) => hasStep(inSameSecond, one))) return step;
  return { ...step, isFormer: true, subject: { ...step.subject, id }, laterSteps };
}

/** That release took the time of an event without `occurred_at` to the second. */
const secondOf = (time: number): number => Math.floor(time / 1000);

/** The outcome of a change that was made before. @param step as it was applied */
export async function announceUpdate(step: UpdateStep, record: TokenRecord, deps: UpdateTools): Promise<Outcome> {
  const hash = stepHash(step.subject.id);
  const note = record.notes.find((one) => one.step === hash);
  return done(step.subject, note?.changes ?? null, await recallResponse(step, record, deps));
}

/** @returns `null` if the token's secret is no longer the one that this step generated */
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

/** The response of a creation that was made before. @param step as it was applied */
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

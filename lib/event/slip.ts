/**
 * The routing slip (a pattern of Enterprise Integration Patterns): the plan for one serial, as the detail of a step event.
 * It names each step by definition id and version. It carries no options, some of which are secret, and only those parts
 * of the event that its steps need.
 */
import * as z from 'zod/mini';
import { isDeeperThan } from '../base/object.ts';
import { UserIdentity } from '../directory/user.ts';
import { Instant } from '../schema/scalar.ts';
import { transformWith } from '../schema/validate.ts';
import { TOKEN_STATES } from '../token/state.ts';
import { MAX_DEPTH, splitSerials } from './boundary.ts';
import { type EventKey, formerStepId, stepId } from './step-id.ts';

const text = z.string();
const maybeText = z.optional(z.nullable(text));
const maybeAnything = z.optional(z.unknown());
const integer = z.int();
const fromZero = integer.check(z.gte(0));

/** Not empty, because a token's stamps store it packed. */
const eventId = text.check(z.minLength(1));

/** Starts with the version of the formula of step ids; an unknown version is refused. */
const Key = z.custom<EventKey>(
  (key) => typeof key === 'string' && /^2:[0-9a-f]{64}$/.test(key),
  'must be an event key',
);

const SlipEvent = z.object({
  /** The event's key; absent in slips of releases that had none. */
  key: z.optional(Key),
  id: eventId,
  name: text,
  source: text,
  position: z.enum(['pre', 'post']),
  /** When it occurred, in milliseconds since 1970. */
  time: fromZero,
});

const SlipStep = z.object({
  definition: integer,
  version: integer,
  action: text,
  /** The clauses of the definition that dispatch could not evaluate. */
  open: z.array(integer),
});

/** The parts of the event that conditions and tags need; absent if no step needs them. */
const SlipFacts = z.object({
  client_ip: maybeText,
  user_agent: maybeText,
  transaction_id: maybeText,
  container_serial: maybeText,
  challenge: maybeAnything,
  container: maybeAnything,
});

export const Slip = z.object({
  action: text,
  event: SlipEvent,
  /** `null` if its steps create tokens. */
  serial: z.nullable(text),
  /** If its steps create tokens: the tokens that the event is about. */
  about: z.optional(z.array(text)),
  /** The state in which the token must still be: an index may list it after the state has changed. */
  state: z.optional(z.enum(TOKEN_STATES)),
  /** The event's user; `null` if the directory does not know them; absent for the token's owner. */
  user: z.optional(z.nullable(UserIdentity)),
  facts: SlipFacts,
  steps: z.array(SlipStep).check(z.minLength(1)),
  /** The index of the step to be done. */
  at: fromZero,
});
export type Slip = z.output<typeof Slip>;
export type SlipStep = z.output<typeof SlipStep>;
export type SlipEvent = z.output<typeof SlipEvent>;

/** Limits the depth of options, which the step's id is computed from recursively. */
const isShallow = (options: object): boolean => !isDeeperThan(MAX_DEPTH, options);

/** The minimal step, which an administrator's own rule can make with an input transformer. */
export const BareStep = z.lazy(() =>
  z.object({
    action: text,
    options: z.pipe(
      z.optional(
        z.nullable(
          z.record(text, z.unknown()).check(z.refine(isShallow, `is nested more than ${MAX_DEPTH} levels deep`)),
        ),
      ),
      z.transform((options) => options ?? {}),
    ),
    serials: z.pipe(
      z.union([text, z.array(text)]),
      transformWith((serials: string | string[]) => splitSerials([serials].flat().join(','))),
    ),
    event: z.object({ id: eventId, name: text, time: Instant, source: z.optional(text) }),
  }),
);
export type BareStep = z.output<typeof BareStep>;

/** A step event stays below one billed unit. */
export const MAX_SLIP_BYTES = 64 * 1024;

/** Returns the slip of the next step; `null` after the last one. */
export function nextSlip(slip: Slip): Slip | null {
  const next = slip.steps[slip.at + 1];
  return next ? { ...slip, action: next.action, at: slip.at + 1 } : null;
}

/** Computes the id of a slip's step. A slip without a key comes from an older release, and keeps its formula. */
export function stepIdOf({ event, serial }: Slip, definition: number): string {
  if (event.key === undefined) return formerStepId(event, { definition }, serial);
  return stepId(event.key, { definition }, serial);
}

/**
 * The routing slip: the plan of one serial, travelling as the detail of a step event. It names each step
 * by definition id and version; options stay where they are, some are secret. Of the event it carries
 * only what its steps can ask for.
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

/** A token's stamps keep it: an empty one has no packed form. */
const eventId = text.check(z.minLength(1));

/** The version of the formula of step ids is the key's beginning: one that this release does not know is refused. */
const Key = z.custom<EventKey>(
  (key) => typeof key === 'string' && /^2:[0-9a-f]{64}$/.test(key),
  'must be an event key',
);

const SlipEvent = z.object({
  /** Under which everything of the event is remembered; absent in slips of the release before there was one. */
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
  /** Which clauses of the definition dispatch could not decide. */
  open: z.array(integer),
});

/** What conditions and tags may ask of the event; absent where no step does. */
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
  /** `null`: its steps each make a token. */
  serial: z.nullable(text),
  /** Where its steps make tokens: those that the event is about. */
  about: z.optional(z.array(text)),
  /** The token must still be in this state: an index may list it longer than it is. */
  state: z.optional(z.enum(TOKEN_STATES)),
  /** The event's user; `null`: it names one whom the directory does not know; absent: the token's owner. */
  user: z.optional(z.nullable(UserIdentity)),
  facts: SlipFacts,
  steps: z.array(SlipStep).check(z.minLength(1)),
  /** Which step is to be done. */
  at: fromZero,
});
export type Slip = z.output<typeof Slip>;
export type SlipStep = z.output<typeof SlipStep>;
export type SlipEvent = z.output<typeof SlipEvent>;

/** A step's id is made of the options, level by level. */
const isShallow = (options: object): boolean => !isDeeperThan(MAX_DEPTH, options);

/** The minimum that an administrator's own rule can hand over with an input transformer: few stacks have one. */
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

/** The slip's next step; `null` at its end. */
export function nextSlip(slip: Slip): Slip | null {
  const next = slip.steps[slip.at + 1];
  return next ? { ...slip, action: next.action, at: slip.at + 1 } : null;
}

/** Computes the id of a slip's step. A slip without a key is of the release before there was one, and keeps its formula. */
export function stepIdOf({ event, serial }: Slip, definition: number): string {
  if (event.key === undefined) return formerStepId(event, { definition }, serial);
  return stepId(event.key, { definition }, serial);
}

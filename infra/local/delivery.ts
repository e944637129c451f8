/** The delivery of one event to one target, how it is stored, and what observers are told of it. */
import { randomUUID } from 'node:crypto';
import { type Envelope, parseEnvelope } from './envelope.ts';
import { record, text } from './json.ts';
import type { BusRule, RetryPolicy, RuleTarget } from './rules.ts';

/** The delivery of one event to one target. */
export interface Delivery {
  readonly id: string;
  readonly ruleArn: string;
  readonly targetArn: string;
  readonly envelope: Envelope;
  /** When the bus received the event, in milliseconds since 1970; the same for every delivery of it. */
  readonly arrived: number;
  /** When the delivery began, in milliseconds since 1970. */
  readonly since: number;
  readonly stage: 'hand-over' | 'invocation';
  readonly attempt: number;
}

/** An event as a bus receives it. */
export type Arrival = Pick<Delivery, 'envelope' | 'arrived'>;

/** Why there are no further attempts. */
export type Exhausted = 'attempts' | 'age' | undefined;

/** Makes the deliveries of an event to one target. */
export function deliveriesOf(
  rule: BusRule,
  target: RuleTarget,
  { envelope, arrived }: Arrival,
  copies: number,
): Delivery[] {
  return Array.from({ length: copies }, () => ({
    id: randomUUID(),
    ruleArn: rule.arn,
    targetArn: target.arn,
    envelope,
    arrived,
    since: Date.now(),
    stage: 'hand-over',
    attempt: 1,
  }));
}

/** Tells whether a policy allows another attempt, and if not, why. */
export function exhaustion({ attempt, since }: Delivery, policy: RetryPolicy): Exhausted {
  if (attempt > policy.maximumRetryAttempts) return 'attempts';
  return Date.now() - since > policy.maximumEventAgeSeconds * 1000 ? 'age' : undefined;
}

/** Reads a stored delivery, which then starts again. */
export function parseDelivery(value: unknown): Delivery | undefined {
  const { id, ruleArn, targetArn, envelope, arrived, since } = record(value);
  const parsed = parseEnvelope(envelope);
  if (parsed === undefined || text(ruleArn) === undefined) return undefined;
  return {
    id: String(id),
    ruleArn: String(ruleArn),
    targetArn: String(targetArn),
    envelope: parsed,
    arrived: Number(arrived),
    since: Number(since),
    stage: 'hand-over',
    attempt: 1,
  };
}

/** Is told what happens on the buses: the command line shows it, the tests check it. */
export interface Observer {
  /** Called for every event that is put on a bus, before its delivery. */
  readonly onEvent?: (bus: string, envelope: Envelope) => void;
  /** Called for every invocation of a function, after it has ended. */
  readonly onInvocation?: (invocation: Invocation) => void;
  /** Called for every dead letter, after it is in its queue. */
  readonly onDeadLetter?: (deadLetter: LocalDeadLetter) => void;
}

export interface Invocation {
  readonly functionName: string;
  readonly event: unknown;
  /** 1 is the first. */
  readonly attempt: number;
  readonly result?: unknown;
  readonly error?: unknown;
}

export interface LocalDeadLetter {
  readonly queue: string;
  readonly event: unknown;
  readonly reason: string;
}

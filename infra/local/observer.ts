/** Looking on: what the command line shows and the tests check. */
import type { Envelope } from './envelope.ts';

/** What happens on the buses, for those who look on. */
export interface Observer {
  /** Every event that is put on a bus, before it is delivered. */
  readonly onEvent?: (bus: string, envelope: Envelope) => void;
  /** Every invocation of a function, when it has ended. */
  readonly onInvocation?: (invocation: Invocation) => void;
  /** Every dead letter, when it is in its queue. */
  readonly onDeadLetter?: (letter: DeadLetter) => void;
}

export interface Invocation {
  readonly functionName: string;
  readonly event: unknown;
  /** 1 is the first. */
  readonly attempt: number;
  readonly result?: unknown;
  readonly error?: unknown;
}

export interface DeadLetter {
  readonly queue: string;
  readonly event: unknown;
  readonly reason: string;
}

/**
 * Draws the faults of a plan. The same seed draws the same faults if calls and deliveries come in the same order, as
 * they do with one function at a time. Counts the faults by kind.
 */
import { randomFrom } from '../pending.ts';
import type { BusFault, CallFault, FaultPlan, ServiceName } from './specification.ts';

/** The fault of one call. */
export interface DrawnFault {
  readonly kind: Exclude<CallFault, 'refuse'>;
  /** Whether the call takes effect; for `late` it does so after later calls. */
  readonly effect: boolean;
}

export interface Faults {
  /** The fault of one call, if any. */
  ofCall(service: ServiceName): DrawnFault | undefined;
  /** Whether one entry of a `PutEvents` is refused. */
  refuses(service: ServiceName): boolean;
  /** Whether a delivery has that fault. */
  onBus(kind: BusFault): boolean;
  /** Any whole number from 0 up to, not including, `below`. */
  below(below: number): number;
  /** Injected so far, by kind: `dynamodb.lost`, `bus.drop`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Injects no more faults. */
  end(): void;
}

const KINDS = ['throttle', 'timeout', 'error', 'reset', 'lost', 'late', 'kill'] as const;
/** The kinds that are drawn with and without effect. */
const EITHER: ReadonlySet<string> = new Set(['timeout', 'error', 'kill']);
const WITH_EFFECT: ReadonlySet<string> = new Set(['lost', 'late']);
const PRECISION = 1_000_000;

export function faultsFrom({ seed, calls, bus }: FaultPlan): Faults {
  const random = randomFrom(seed);
  const counts: Record<string, number> = {};
  let ended = false;
  const happens = (name: string, rate = 0): boolean => {
    if (ended || rate === 0 || random(PRECISION) >= rate * PRECISION) return false;
    counts[name] = (counts[name] ?? 0) + 1;
    return true;
  };
  return {
    counts,
    ofCall: (service) => {
      const kind = KINDS.find((one) => happens(`${service}.${one}`, calls[service][one]));
      if (kind === undefined) return undefined;
      return { kind, effect: EITHER.has(kind) ? random(2) === 1 : WITH_EFFECT.has(kind) };
    },
    refuses: (service) => happens(`${service}.refuse`, calls[service].refuse),
    onBus: (kind) => happens(`bus.${kind}`, bus[kind]),
    below: random,
    end: () => {
      ended = true;
    },
  };
}

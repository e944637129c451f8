/**
 * `--faults SPEC`: which faults are injected, and how often. A part is `KIND=RATE`, from 0 (never) to 1 (always), for
 * all services or for one (`dynamodb.throttle=0.1`); a later part overrides an earlier one.
 */
import { TokenwrightError } from '../../../lib/error.ts';

/** At a call to a service, each with what becomes of the call. */
export const CALL_FAULTS = {
  throttle: 'refused by throttling, without effect',
  timeout: 'no answer at all; with or without effect',
  error: 'a 500; with or without effect',
  reset: 'the connection is reset before the call takes effect',
  lost: 'the call takes effect, and the connection is reset before the answer',
  late: 'the connection is reset, and the call takes effect behind later ones',
  kill: 'the process of the calling function is killed, before or after the call takes effect',
  refuse: 'single entries of a PutEvents are refused',
} as const;

/** On a bus, each with what becomes of a delivery. */
export const BUS_FAULTS = {
  duplicate: 'delivered twice',
  delay: 'goes behind everything that waits',
  reorder: 'any other that waits is delivered before it',
  drop: 'given up at once, into the dead-letter queue',
} as const;

export const SERVICES = ['dynamodb', 'events', 'sqs', 'kms'] as const;
export type ServiceName = (typeof SERVICES)[number];
export type CallFault = keyof typeof CALL_FAULTS;
export type BusFault = keyof typeof BUS_FAULTS;

/** Checked rates; what is absent never happens. */
export interface FaultPlan {
  readonly seed: number;
  readonly calls: Readonly<Record<ServiceName, Readonly<Partial<Record<CallFault, number>>>>>;
  readonly bus: Readonly<Partial<Record<BusFault, number>>>;
}

const CALL_KINDS = Object.keys(CALL_FAULTS) as CallFault[];
const BUS_KINDS = Object.keys(BUS_FAULTS) as BusFault[];
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  all: [...CALL_KINDS, ...BUS_KINDS],
  calls: CALL_KINDS,
  bus: BUS_KINDS,
};
const ALLOWED = 'parts such as seed=7, throttle=0.1, events.refuse=0.2, bus=0.05, all=0.01, parted by commas';

/** The grammar, for `--help`. */
export const FAULTS_HELP = `
Faults: --faults SPEC, as in --faults seed=7,all=0.01,dynamodb.lost=0.1
  SPEC is a list of KIND=RATE, parted by commas; a rate is from 0 to 1, a later part overrides an earlier one. "seed=N"
  draws other faults (1). Groups: "calls", "bus", "all". One service alone: ${SERVICES.map((name) => `${name}.KIND`).join(', ')}.
  At every call of a function to a service:
${describe(CALL_FAULTS)}
  At every delivery of a bus:
${describe(BUS_FAULTS)}
  Commands and senders are spared: faults hit what the functions call and what the buses deliver.`;

function describe(kinds: Readonly<Record<string, string>>): string {
  return Object.entries(kinds)
    .map(([kind, what]) => `    ${kind.padEnd(10)} ${what}`)
    .join('\n');
}

/** Reads a specification. @throws TokenwrightError `bad_faults`, naming the part that is wrong */
export function parseFaults(specification: string): FaultPlan {
  let seed = 1;
  const calls: Record<ServiceName, Partial<Record<CallFault, number>>> = { dynamodb: {}, events: {}, sqs: {}, kms: {} };
  const bus: Partial<Record<BusFault, number>> = {};
  for (const part of specification.split(',').map((one) => one.trim())) {
    const [, scope, name = '', value = ''] = /^(?:(\w+)\.)?(\w+)=([\d.]+)$/.exec(part) ?? [];
    if (name === 'seed' && scope === undefined) {
      seed = wholeNumber(value, part);
      continue;
    }
    const kinds = Object.hasOwn(GROUPS, name) ? (GROUPS[name] ?? []) : [name];
    const services = scope === undefined ? SERVICES : SERVICES.filter((service) => service === scope);
    const rate = Number(value);
    if (services.length === 0 || value === '' || !(rate >= 0 && rate <= 1)) throw badPart(part);
    for (const kind of kinds) {
      if (isOneOf(CALL_KINDS, kind)) for (const service of services) calls[service][kind] = rate;
      else if (isOneOf(BUS_KINDS, kind) && scope === undefined) bus[kind] = rate;
      else throw badPart(part);
    }
  }
  return { seed, calls, bus };
}

function wholeNumber(value: string, part: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw badPart(part);
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return names.some((one) => one === name);
}

function badPart(part: string): TokenwrightError<'bad_faults'> {
  const known = [...(GROUPS.all ?? []), 'seed'].join(', ');
  return new TokenwrightError('bad_faults', `--faults: "${part}" is none of KIND=RATE; kinds are ${known}`, {
    path: 'faults',
    given: part,
    allowed: ALLOWED,
  });
}

/**
 * `--faults SPEC`: which faults are injected, and how often. A part is `KIND=RATE`, from 0 (never) to 1 (always), for
 * all services or for one (`dynamodb.throttle=0.1`); a later part overrides an earlier one.
 */

import { TokenwrightError } from '../../../lib/base/error.ts';
import { didYouMean } from '../../../lib/schema/closest.ts';
import { Refusal } from '../../../lib/schema/validate.ts';

/** The faults of a call to a service, with their effects. */
export const CALL_FAULTS = {
  throttle: 'refused by throttling, without effect',
  timeout: 'no answer at all; with or without effect',
  error: 'a 500; with or without effect',
  reset: 'the connection is reset before the call takes effect',
  lost: 'the call takes effect, the connection is reset before the answer',
  late: 'the connection is reset, the call takes effect behind later ones',
  kill: 'the calling process is killed, before or after the effect',
  refuse: 'single entries of a PutEvents are refused',
} as const;

/** The faults of a delivery on a bus, with their effects. */
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

/** Checked rates; an absent one is 0. */
export interface FaultPlan {
  readonly seed: number;
  readonly calls: Readonly<Record<ServiceName, Readonly<Partial<Record<CallFault, number>>>>>;
  readonly bus: Readonly<Partial<Record<BusFault, number>>>;
}

const CALL_KINDS = Object.keys(CALL_FAULTS) as CallFault[];
const BUS_KINDS = Object.keys(BUS_FAULTS) as BusFault[];
const GROUPS: Readonly<Record<string, readonly (CallFault | BusFault)[]>> = {
  all: [...CALL_KINDS, ...BUS_KINDS],
  calls: CALL_KINDS,
  bus: BUS_KINDS,
};
const KINDS = [...CALL_KINDS, ...BUS_KINDS, ...Object.keys(GROUPS), 'seed'];

/** The grammar, for `--help`. */
export const FAULTS_HELP = `
Faults: --faults SPEC, as in --faults seed=7,all=0.01,dynamodb.lost=0.1
  SPEC is a list of KIND=RATE, separated by commas; a rate is from 0 to 1, a
  later part overrides an earlier one. "seed=N" draws other faults (default: 1).
  Groups: "calls", "bus", "all".
  One service alone: ${SERVICES.map((name) => `${name}.KIND`).join(', ')}.
  At every call of a function to a service:
${describe(CALL_FAULTS)}
  At every delivery of a bus:
${describe(BUS_FAULTS)}
  Faults affect the calls of functions and the deliveries of buses; commands and
  senders are not affected.`;

function describe(kinds: Readonly<Record<string, string>>): string {
  return Object.entries(kinds)
    .map(([kind, what]) => `    ${kind.padEnd(10)} ${what}`)
    .join('\n');
}

/** Reads a specification. @throws Refusal with a `bad_faults` for each part that is wrong */
export function parseFaults(specification: string): FaultPlan {
  let seed = 1;
  const calls: Record<ServiceName, Partial<Record<CallFault, number>>> = { dynamodb: {}, events: {}, sqs: {}, kms: {} };
  const bus: Partial<Record<BusFault, number>> = {};
  const errors: TokenwrightError[] = [];
  for (const part of specification.split(',').map((one) => one.trim())) {
    const read = readPart(part);
    if (read instanceof TokenwrightError) errors.push(read);
    else if ('seed' in read) seed = read.seed;
    else {
      for (const kind of read.kinds) {
        if (isOneOf(BUS_KINDS, kind)) bus[kind] = read.rate;
        else for (const service of read.services) calls[service][kind] = read.rate;
      }
    }
  }
  if (errors.length > 0) throw new Refusal(errors);
  return { seed, calls, bus };
}

interface Rated {
  readonly kinds: readonly (CallFault | BusFault)[];
  readonly services: readonly ServiceName[];
  readonly rate: number;
}

function readPart(part: string): Rated | { readonly seed: number } | TokenwrightError {
  const [, scope, name = '', value = ''] = /^(?:(\w*)\.)?(\w+)=(.*)$/.exec(part) ?? [];
  if (name === '')
    return wrong(part, `"${part}" is not KIND=RATE`, 'throttle=0.1, events.refuse=0.2, bus=0.05, seed=7');
  if (scope !== undefined && !isOneOf(SERVICES, scope)) {
    return wrong(part, `there is no service "${scope}"${didYouMean(scope, SERVICES)}`, SERVICES);
  }
  if (!isOneOf(KINDS, name)) return wrong(part, `there is no kind of fault "${name}"${didYouMean(name, KINDS)}`, KINDS);
  if (scope !== undefined && !isOneOf([...CALL_KINDS, 'calls'], name)) {
    return wrong(part, `"${name}" is no fault of the calls to ${scope}`, [...CALL_KINDS, 'calls']);
  }
  if (scope !== undefined && scope !== 'events' && name === 'refuse') {
    return wrong(part, `only EventBridge refuses single entries, and not ${scope}`, 'events.refuse');
  }
  const number = /^[\d.]+$/.test(value) ? Number(value) : Number.NaN;
  if (name === 'seed') {
    return Number.isSafeInteger(number) ? { seed: number } : wrong(part, `"${value}" is no seed`, 'a whole number');
  }
  if (!(number >= 0 && number <= 1)) return wrong(part, `"${value}" is no rate`, 'from 0 (never) to 1 (always)');
  return { kinds: kindsOf(name), services: scope ? [scope] : SERVICES, rate: number };
}

function kindsOf(name: string): readonly (CallFault | BusFault)[] {
  return GROUPS[name] ?? [...CALL_KINDS, ...BUS_KINDS].filter((kind) => kind === name);
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return names.some((one) => one === name);
}

function wrong(given: string, message: string, allowed: string | readonly string[]): TokenwrightError {
  return new TokenwrightError('bad_faults', message, { path: '--faults', given, allowed });
}

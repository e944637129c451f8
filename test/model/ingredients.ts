/** Generates the parts of worlds: actions, conditions, tokens, events. */
import fc from 'fast-check';
import { NOW, OWNER, type WorldEvent } from './world.ts';

const key = fc.constantFrom('a', 'b');
const small = fc.integer({ min: -3, max: 12 }).map(String);
export const act = (action: string, options: fc.Arbitrary<Record<string, string>> = fc.constant({})) =>
  options.map((given) => ({ action, options: given }));

export const COUNTING = [
  act('change failcounter', fc.record({ 'change fail counter': fc.constantFrom('+1', '-2', '7') })),
  act('increase tokeninfo', fc.record({ key, increment: fc.constantFrom('1', '3') })),
];
export const SETTING = [
  act('set failcounter', fc.record({ 'fail counter': small })),
  act('set tokeninfo', fc.record({ key, value: small })),
  act('delete tokeninfo', fc.record({ key })),
  act('disable'),
  act('enable'),
];
const OTHERS = [
  act('set description', fc.record({ description: fc.constantFrom('fixed', 'from {client_ip}') })),
  act('set validity', fc.record({ 'valid till': fc.constantFrom('+30d', '+90m') })),
  act('set countwindow', fc.record({ 'count window': fc.constantFrom('5', '20') })),
  act('set max failcount', fc.record({ 'max failcount': fc.constantFrom('0', '8') })),
  act('add tokengroup', fc.record({ tokengroup: fc.constantFrom('g1', 'g2', 'unknown') })),
  act('remove tokengroup', fc.record({ tokengroup: fc.constantFrom('g1', 'g2') })),
  act(
    'set tokenrealm',
    fc.record({ realm: fc.constantFrom('r2', 'r3', 'nowhere'), only_realm: fc.constantFrom('0', '1') }),
  ),
  act('unassign'),
  act('delete'),
  act('set random pin', fc.record({ length: fc.constantFrom('4', '8') })),
];
/** Prefers actions that a second delivery would do twice, or that an older event would undo. */
export const action = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(...COUNTING) },
  { weight: 4, arbitrary: fc.oneof(...SETTING) },
  { weight: 5, arbitrary: fc.oneof(...OTHERS) },
);

export const conditions = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.oneof(
      fc.record({ failcounter: fc.constantFrom('<3', '>=3', '==0', '7') }),
      fc.record({ tokeninfo: fc.constantFrom('a == 1', 'a > 2', 'b < 5') }),
      fc.record({ token_has_owner: fc.constantFrom('True', 'False') }),
      fc.record({ tokenrealm: fc.constantFrom('r1', 'r2') }),
      fc.record({ tokentype: fc.constantFrom('hotp', 'totp,sms') }),
      fc.record({ result_value: fc.constantFrom('True', 'False') }),
    ),
  },
);

export const token = fc.record({
  tokentype: fc.constantFrom('hotp' as const, 'totp' as const),
  active: fc.boolean(),
  revoked: fc.constantFrom(false, false, false, false, true),
  failcount: fc.integer({ min: 0, max: 8 }),
  info: fc.constantFrom<Record<string, string>[]>({}, { a: '1' }, { a: '3', b: '4' }),
  realms: fc.constantFrom<string[][]>([], ['r2']),
  tokengroups: fc.constantFrom<string[][]>([], ['g1']),
  user: fc.constantFrom(null, OWNER),
});

export interface Happening {
  readonly name: string;
  readonly about: { readonly serials: readonly string[]; readonly user: boolean };
  readonly ago: number;
  readonly value: boolean;
}

export function toEvent({ name, about, ago, value }: Happening, i: number): WorldEvent {
  return { id: `e${i + 1}`, name, time: NOW - ago, ...about, client_ip: `10.0.0.${i + 1}`, value };
}

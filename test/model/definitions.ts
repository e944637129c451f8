/** Generates the definitions of a world: random ones, or ones that exercise one guarantee. */
import fc from 'fast-check';
import { act, action, COUNTING, conditions, SETTING } from './ingredients.ts';
import type { WorldDefinition } from './world.ts';

type Given = Pick<WorldDefinition, 'action' | 'options'> & Partial<WorldDefinition>;

const EVENTS = ['token_init', 'validate_check', 'token_init,validate_check'];
const CURRENT = fc.constant('current' as const);
const CURRENT_OR_USER = fc.constantFrom('current' as const, 'user' as const);
const ALWAYS = fc.constant<WorldDefinition['conditions']>({});

/** Makes definitions on both events, in order, unless they say otherwise. */
function slip(steps: readonly Given[]): WorldDefinition[] {
  return steps.map((given, i) => ({
    id: i + 1,
    ordering: 0,
    event: 'token_init,validate_check',
    conditions: {},
    abort_on_error: false,
    target: 'current',
    ...given,
  }));
}

/** Makes one to four definitions of any kind. */
export function anyDefinitions({
  given = action,
  when = ALWAYS,
  target = CURRENT,
  number = { minLength: 1, maxLength: 4 },
}: {
  readonly given?: fc.Arbitrary<Given>;
  readonly when?: fc.Arbitrary<WorldDefinition['conditions']>;
  readonly target?: fc.Arbitrary<'current' | 'user'>;
  readonly number?: { readonly minLength: number; readonly maxLength: number };
} = {}): fc.Arbitrary<WorldDefinition[]> {
  const one = fc.record({
    event: fc.constantFrom(...EVENTS),
    ordering: fc.integer({ min: 0, max: 1 }),
    given,
    conditions: when,
    abort_on_error: fc.boolean(),
    target,
  });
  return fc.array(one, number).map((list) => slip(list.map(({ given: act, ...rest }) => ({ ...rest, ...act }))));
}

export const CONDITIONAL = anyDefinitions({ when: conditions });
export const ON_USERS = anyDefinitions({ target: CURRENT_OR_USER });

/** Makes as many steps for one event as an event may have. */
export const BUSY = anyDefinitions({
  given: fc.oneof(...COUNTING, ...SETTING.slice(0, 2)),
  number: { minLength: 3, maxLength: 3 },
}).map((list) => list.map((one) => ({ ...one, event: 'token_init' })));

interface Turned {
  readonly condition: WorldDefinition['conditions'];
  readonly by: Given;
}

const turned = fc.constantFrom<Turned[]>(
  {
    condition: { failcounter: '>=3' },
    by: { action: 'change failcounter', options: { 'change fail counter': '7' } },
  },
  { condition: { failcounter: '>=3' }, by: { action: 'set failcounter', options: { 'fail counter': '5' } } },
  {
    condition: { tokeninfo: 'a > 2' },
    by: { action: 'increase tokeninfo', options: { key: 'a', increment: '3' } },
  },
);

/** Makes a step that is skipped, then one after which it would not be skipped. */
export const SIBLINGS = fc
  .record({
    turned,
    first: fc.oneof(act('disable'), act('increase tokeninfo', fc.constant({ key: 'b', increment: '1' }))),
    third: fc.oneof(...COUNTING),
  })
  .map(({ turned: { condition, by }, first, third }) => slip([{ ...first, conditions: condition }, by, third]));

/** Makes steps that fail and are therefore in no ledger, followed by steps that are. */
const FAILING = fc
  .record({
    first: fc.constantFrom<Given[]>(
      { action: 'add tokengroup', options: { tokengroup: 'unknown' } },
      { action: 'set tokenrealm', options: { realm: 'nowhere', only_realm: '0' } },
    ),
    second: fc.oneof(...COUNTING),
    third: fc.oneof(...SETTING),
  })
  .map(({ first, second, third }) => slip([first, second, third]));

export const UNREMEMBERED = fc.oneof(SIBLINGS, FAILING);

const raised = fc.constantFrom<Given[]>(
  { action: 'set failcounter', options: { 'fail counter': '7' } },
  { action: 'change failcounter', options: { 'change fail counter': '+7' } },
);
const onFailcounter = fc
  .record({
    given: fc.oneof(act('disable'), act('increase tokeninfo', fc.constant({ key: 'b', increment: '1' }))),
    conditions: fc.constantFrom({ failcounter: '<3' }, { failcounter: '>=3' }),
  })
  .map(({ given, conditions }) => ({ ...given, conditions }));

/** Makes steps on a condition that the steps before them turn, some of which are skipped together. */
export const AHEAD = fc
  .tuple(
    onFailcounter,
    raised,
    onFailcounter,
    act('set failcounter', fc.constant({ 'fail counter': '0' })),
    onFailcounter,
  )
  .map((steps) => slip(steps));

/** Makes steps before and after one that deletes the token. */
export const LEAVING = fc
  .record({
    before: fc.oneof(...COUNTING),
    leaving: fc.oneof(act('delete'), act('unassign')),
    behind: fc.oneof(...COUNTING, act('disable')),
    targets: fc.tuple(CURRENT_OR_USER, CURRENT_OR_USER, CURRENT_OR_USER),
  })
  .map(({ before, leaving, behind, targets }) =>
    slip([before, leaving, behind].map((given, i) => ({ ...given, target: targets[i] ?? 'current' }))),
  );

/** Makes definitions that assign what others increase. */
export const COUNTED = fc
  .record({
    pair: fc.oneof(
      fc.tuple(
        act('set failcounter', fc.record({ 'fail counter': fc.constantFrom('0', '4') })),
        act('change failcounter', fc.record({ 'change fail counter': fc.constantFrom('+1', '-2', '7') })),
      ),
      fc.tuple(
        act('set tokeninfo', fc.record({ key: fc.constant('a'), value: fc.constantFrom('0', '40') })),
        act('increase tokeninfo', fc.record({ key: fc.constant('a'), increment: fc.constantFrom('1', '3') })),
      ),
    ),
    ordering: fc.integer({ min: -1, max: 1 }),
  })
  .map(({ pair: [assign, increase], ordering }) =>
    slip([
      { ...assign, event: 'token_init', ordering },
      { ...increase, event: 'validate_check' },
    ]),
  );

/** Makes a definition on every token of a state, and one on the event's own tokens. */
export const BULK = fc
  .record({
    all: fc.oneof(...COUNTING, ...SETTING, act('delete'), act('unassign'), act('set random pin')),
    target: fc.constantFrom('disabled' as const, 'unassigned' as const),
    beside: fc.oneof(...COUNTING, ...SETTING),
  })
  .map(({ all, target, beside }) =>
    slip([
      { ...all, event: 'token_init', target, confirm: true },
      { ...beside, event: 'validate_check' },
    ]),
  );

/** Makes one or two definitions that create a token for the user, as long as there are not too many. */
export const ENROLLING = fc
  .record({
    types: fc.array(fc.constantFrom('hotp', 'totp'), { minLength: 1, maxLength: 2 }),
    when: fc.constantFrom<WorldDefinition['conditions']>({}, { user_token_number: '<3' }, { user_token_number: '<4' }),
  })
  .map(({ types, when }) =>
    slip(types.map((tokentype) => ({ action: 'enroll', options: { tokentype, user: '1' }, conditions: when }))),
  );

/** Makes `pre` definitions: a repeated call must get the same answer. */
export const PRE = fc
  .oneof(CONDITIONAL, UNREMEMBERED)
  .map((list) => list.map((one) => ({ ...one, position: 'pre' as const })));

/**
 * Every action, one line each, in the order of the manual: its name and its traits. Planning and deployment read this
 * table alone, and load no action.
 */

/** What planning and deployment need to know of an action. */
export interface ActionTraits {
  /** It creates a token, once per event. Its role may put new tokens. */
  readonly creates?: boolean;
  /** It takes the token from its owner, so a redelivery would find fewer tokens of that user. */
  readonly detaches?: boolean;
  /** It derives a secret. Its role may use the derivation key. */
  readonly derives?: boolean;
  /** It stores a secret sealed. Its role may use the data keys. */
  readonly seals?: boolean;
}

export const ACTIONS = {
  'set tokenrealm': {},
  delete: { detaches: true },
  unassign: { detaches: true },
  disable: {},
  enable: {},
  enroll: { creates: true, derives: true, seals: true },
  'set description': {},
  'set validity': {},
  'set countwindow': {},
  'set tokeninfo': {},
  'increase tokeninfo': {},
  'delete tokeninfo': {},
  'set failcounter': {},
  'change failcounter': {},
  'set max failcount': {},
  'set random pin': { derives: true },
  'add tokengroup': {},
  'remove tokengroup': {},
  'attach application': {},
} as const satisfies Readonly<Record<string, ActionTraits>>;

export type ActionName = keyof typeof ACTIONS;

export const ACTION_NAMES: readonly string[] = Object.keys(ACTIONS);

const TRAITS: ReadonlyMap<string, ActionTraits> = new Map(Object.entries(ACTIONS));

/** Tells whether the action of that name creates a token. */
export function createsToken(name: string): boolean {
  return TRAITS.get(name)?.creates === true;
}

/** Tells whether the action of that name takes the token from its owner. */
export function detachesToken(name: string): boolean {
  return TRAITS.get(name)?.detaches === true;
}

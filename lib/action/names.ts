/** The names of the actions alone, for who plans steps and must not carry what the actions need. */
const NAMES = [
  'set tokenrealm',
  'delete',
  'unassign',
  'disable',
  'enable',
  'enroll',
  'set description',
  'set validity',
  'set countwindow',
  'set tokeninfo',
  'increase tokeninfo',
  'delete tokeninfo',
  'set failcounter',
  'change failcounter',
  'set max failcount',
  'set random pin',
  'add tokengroup',
  'remove tokengroup',
  'attach application',
] as const;

export type ActionName = (typeof NAMES)[number];
export const ACTION_NAMES: readonly string[] = NAMES;

/** Those that make a token: they run once an event, whatever number of tokens it is about. */
export const MAKING: ReadonlySet<string> = new Set(['enroll']);

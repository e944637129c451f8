/** Rows of the vectors that do not hold yet: each that does has to be taken out. Empty at the end. */
export const NOT_YET: ReadonlySet<string> = new Set([
  'cr-disabled-between',
  'init-rollover',
  'init-tan-list-shape',
  'list-all',
  'list-assigned-active',
  'list-info',
  'list-tokenrealm',
  'list-type',
  'list-user',
  'resync-failcount-off',
  'resync-hotp',
]);

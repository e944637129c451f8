/** Rows of the vectors that do not hold yet: each that does has to be taken out. Empty at the end. */
export const NOT_YET: ReadonlySet<string> = new Set([]);

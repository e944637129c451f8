/** The source of our own events: it never triggers definitions, which rules out loops. */
export const OWN_SOURCE = 'tokenwright';

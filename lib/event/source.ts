/** The source of our own events: it never triggers definitions, which rules out loops. */
export const OWN_SOURCE = 'tokenwright';
/** The source of the front door's events; unlike our own it may trigger definitions. */
export const AUTH_SOURCE = 'tokenwright.auth';

/** The source of our own events: it never triggers definitions, which rules out loops. */
export const OWN_SOURCE = 'tokenwright';
/** The source of the auth events that the front door raises: they trigger definitions as anybody's do. */
export const AUTH_SOURCE = 'tokenwright.auth';

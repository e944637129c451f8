/**
 * Makes the faults that the front door answers, with the HTTP status, code and message that privacyIDEA's clients read
 * (https://privacyidea.readthedocs.io/en/latest/modules/api.html).
 */

/** Refuses a call. The message of a code from 301 to 1999 begins with the code, as clients expect. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault';
  /** The status of the HTTP answer. */
  readonly status: number;
  readonly code: number;
  /** `detail` of the answer: `null` of most faults, `{}` of a wrong password at `/auth`. */
  readonly detail: object | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: number,
    message: string,
    { detail = null, headers = {} }: { detail?: object | null; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.headers = headers;
  }
}

const numbered = (code: number, message: string): ApiFault => new ApiFault(400, code, `ERR${code}: ${message}`);

/** @param message names the parameter */
export const badParameter = (message: string): ApiFault => numbered(905, message);

/** @param names as the message shows them: `'serial' or 'serials'` */
export const missingParameter = (names: string): ApiFault => badParameter(`Missing parameter: ${names}`);

/** @param message without its number */
export const unknownUser = (message: string): ApiFault => numbered(904, message);

/** The fault of calls that look up the user before anything else. */
export const noSuchUser = (): ApiFault => unknownUser('The user can not be found in any resolver in this realm!');

/** The fault of a revoked token, which privacyIDEA calls locked. */
export const tokenLocked = (): ApiFault => numbered(1007, 'This action is not possible, since the token is locked');

/** A fault of a token. @param code 1007 to 1999 */
export const tokenFault = (code: number, message: string): ApiFault => numbered(code, message);

/**
 * The fault of a validity period that cannot be read. @param name `validity_period_start` or `validity_period_end`
 */
export const unreadablePeriod = (name: string): ApiFault =>
  numbered(301, `Could not parse validity period ${name.endsWith('start') ? 'start' : 'end'} date!`);

/** The fault of calls that name tokens by `serial` or `serials`. */
export const unknownTokens = (serials: readonly string[]): ApiFault =>
  new ApiFault(404, 601, `No token found for serials: ${serials.join(', ')}`);

/** The fault of a call that takes one token and names several. */
export const severalTokens = (): ApiFault => badParameter('More than one matching token was found.');

/** The fault of a realm that is not configured. */
export const unknownRealm = (realm: string): ApiFault => new ApiFault(404, 601, `Realm '${realm}' does not exist.`);

/** The fault of `/validate/*`, which names one token. */
export const unknownToken = (): ApiFault => new ApiFault(404, 601, 'The requested token could not be found.');

/** The fault of a caller who is unknown or not permitted. @param code 4031 to 4306 */
export const notAuthenticated = (code: number, message: string, detail: object | null = null): ApiFault =>
  new ApiFault(401, code, `Authentication failure. ${message}`, { detail });

export const forbidden = (message: string): ApiFault => new ApiFault(403, 303, message);

/** @param seconds until another attempt is compared */
export const tooManyAttempts = (seconds: number): ApiFault =>
  new ApiFault(429, 403, 'ERR403: Too many failed attempts. Try again later.', {
    headers: { 'retry-after': String(seconds) },
  });

/** @param allowed the methods of the path */
export const wrongMethod = (allowed: readonly string[]): ApiFault =>
  new ApiFault(405, 405, 'The method is not allowed for the requested URL.', {
    headers: { allow: allowed.join(', ') },
  });

export const unknownPath = (): ApiFault => new ApiFault(404, 404, 'Not found');

/** The fault of a table, bus or key that cannot be reached; nothing was accepted. */
export const unavailable = (): ApiFault =>
  new ApiFault(503, -500, 'The service is not available. Try again later.', { headers: { 'retry-after': '5' } });

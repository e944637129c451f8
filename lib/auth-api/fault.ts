/**
 * The faults that the front door answers, with the HTTP status, code and words that privacyIDEA's clients read
 * (https://privacyidea.readthedocs.io/en/latest/modules/api.html).
 */

/** A call that is refused. Codes from 301 to 1999 carry their number in the message, as clients expect it. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault';
  /** Of the HTTP answer. */
  readonly status: number;
  readonly code: number;
  /** What stands as `detail` in the answer: `null` with most faults, `{}` with a wrong password at `/auth`. */
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

/** A parameter that is wrong; the message names it. */
export const badParameter = (message: string): ApiFault => numbered(905, message);

/** @param names as they stand in the message: `'serial' or 'serials'` */
export const missingParameter = (names: string): ApiFault => badParameter(`Missing parameter: ${names}`);

/** A user that is not there. @param message without its number */
export const unknownUser = (message: string): ApiFault => numbered(904, message);

/** At the calls that look a user up before anything else. */
export const noSuchUser = (): ApiFault => unknownUser('The user can not be found in any resolver in this realm!');

export const tokenLocked = (): ApiFault => numbered(1007, 'This action is not possible, since the token is locked');

export const tokenFault = (code: number, message: string): ApiFault => numbered(code, message);

export const unknownTokens = (serials: readonly string[]): ApiFault =>
  new ApiFault(404, 601, `No token found for serials: ${serials.join(', ')}`);

export const unknownToken = (): ApiFault => new ApiFault(404, 601, 'The requested token could not be found.');

/** Who calls is not known, or may not. @param code 4031 to 4306 */
export const notAuthenticated = (code: number, message: string, detail: object | null = null): ApiFault =>
  new ApiFault(401, code, `Authentication failure. ${message}`, { detail });

export const forbidden = (message: string): ApiFault => new ApiFault(403, 303, message);

/** @param seconds after which it may be tried again */
export const tooManyAttempts = (seconds: number): ApiFault =>
  new ApiFault(429, 403, 'ERR403: Too many failed attempts. Try again later.', {
    headers: { 'retry-after': String(seconds) },
  });

/** @param allowed the methods that the path has */
export const wrongMethod = (allowed: readonly string[]): ApiFault =>
  new ApiFault(405, 405, 'The method is not allowed for the requested URL.', {
    headers: { allow: allowed.join(', ') },
  });

export const unknownPath = (): ApiFault => new ApiFault(404, 404, 'Not found');

/** Something that the front door stands on cannot be reached; nothing was accepted. */
export const unavailable = (): ApiFault =>
  new ApiFault(503, -500, 'The service is not available. Try again later.', { headers: { 'retry-after': '5' } });

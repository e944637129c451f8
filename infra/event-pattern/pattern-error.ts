/** A pattern that EventBridge would refuse. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  /** The part that is wrong: `detail.user[1]`; empty for the whole pattern. */
  readonly path: string;
  readonly given: unknown;
  /** What would have been accepted, in words or as a list. */
  readonly allowed: string | readonly string[];

  constructor(path: string, given: unknown, allowed: string | readonly string[]) {
    const wanted = typeof allowed === 'string' ? allowed : `one of ${allowed.join(', ')}`;
    super(`${path || 'pattern'}: ${JSON.stringify(given)} is not ${wanted}`);
    this.path = path;
    this.given = given;
    this.allowed = allowed;
  }
}

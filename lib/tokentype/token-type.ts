/**
 * The contract of a token type. A type defines how its secret is made, which tokeninfo it has, what an enrolment
 * announces, and how a password is verified. Storing, sealing and PINs are the same for all types and not part of it.
 * Parameters have the names of privacyIDEA's `/token/init`.
 */
import type * as z from 'zod/mini';
import type { StoredKind } from '../text/stored-value.ts';

export type Shape = Readonly<Record<string, z.ZodMiniType>>;
export type ParametersOf<S extends Shape> = { readonly [Name in keyof S]: z.output<S[Name]> };

/** Derives values that are the same for every delivery of a step, and differ by purpose. */
export interface SecretSource {
  bytes(purpose: string, length: number): Promise<Uint8Array>;
  text(purpose: string, alphabet: string, length: number): Promise<string>;
}

/** A new secret, before it is sealed, and the attributes that belong to it. */
export interface NewSecret {
  /** `null` for a type without a secret. */
  readonly secret: Uint8Array | null;
  /** How many characters of a password belong to the token; those before them are the PIN. */
  readonly otplen: number;
  readonly info: Readonly<Record<string, string>>;
}

/** The names that an authenticator app shows. */
export interface Naming {
  readonly serial: string;
  readonly issuer: string;
}

/** The attributes that verification uses, beside the secret. */
export interface PasswordState {
  readonly count: number;
  readonly count_window: number;
  readonly otplen: number;
  readonly info: Readonly<Record<string, string>>;
  /** The positions that a challenge asked for, from 1. */
  readonly positions?: readonly number[];
}

/** The changes that an accepted password makes. An absent field does not change. */
export interface NextState {
  readonly count?: number;
  readonly info?: Readonly<Record<string, string>>;
  /** The token is used up and is deleted. */
  readonly spent?: true;
}

/** A password to be sent, and the changes that make it the token's next one. */
export interface SentPassword {
  readonly password: string;
  readonly next: NextState;
}

/** Resynchronization of a token whose counter or clock is outside the window of `verify`. */
export interface Resync {
  /** Whether the second of two logins has to follow within five minutes; a token with a clock may take longer. */
  readonly isTimed?: true;
  /**
   * Finds the position of a password that `verify` does not accept.
   * @param now in milliseconds since 1970
   * @param from `window`: search only behind the window; `next`: from the next unused position
   * @returns `null` if it is not within the token's `sync_window`
   */
  find(
    secret: Uint8Array,
    state: PasswordState & { readonly sync_window: number },
    password: string,
    now: number,
    from: 'window' | 'next',
  ): number | null;
  /** Returns the changes that set the token to a position. */
  settle(state: PasswordState, position: number, now: number): NextState;
}

export interface TokenType<S extends Shape = Shape> {
  /** privacyIDEA's name. */
  readonly name: string;
  /** The beginning of its serials. */
  readonly prefix: string;
  readonly description: string;
  readonly tokenkind: 'software' | 'virtual';
  /** Its own parameters, beside those of every type. */
  readonly parameters: S;
  /** Where its one-time passwords are sent. An enrolment without an address is refused. */
  readonly sentTo?: 'phone' | 'email';
  /** The tokeninfo that its verification reads. An import refuses a value that cannot be read. */
  readonly stored?: Readonly<Record<string, StoredKind<unknown>>>;
  /** Returns why no password can match an imported secret; `null` if one can. */
  refuseSecret?(secret: Uint8Array, state: PasswordState): string | null;
  /** Checks parameters against each other. @throws TokenwrightError `bad_option`, with the parameter as its path */
  check?(parameters: ParametersOf<S>): void;
  /** Makes the secret: given, or derived from `source`, so that a redelivery makes the same. */
  make(parameters: ParametersOf<S>, source: SecretSource): Promise<NewSecret>;
  /** Returns what the enrolment announces once, such as the key for an app. */
  announce(made: NewSecret, naming: Naming): Readonly<Record<string, unknown>>;
  /**
   * Verifies the token's part of a password, without the PIN. Pure.
   * @param now in milliseconds since 1970
   * @returns the changes that it makes; `null` if it is not accepted
   * @throws TokenwrightError `unreadable_value` for tokeninfo that cannot be read
   */
  verify(secret: Uint8Array, state: PasswordState, password: string, now: number): NextState | null;
  /** Whether the PIN alone triggers a challenge: always, or if the settings name the type. Absent: never. */
  readonly challenged?: 'always' | 'by setting';
  /** Whether the whole password is the PIN. */
  readonly pinOnly?: true;
  /** Returns the last accepted password, to tell a replay from a wrong password; `null` if it is unknown. */
  lastUsed?(secret: Uint8Array, state: PasswordState): string | null;
  readonly resync?: Resync;
  /** Returns the next password, to be sent to the owner. */
  send?(secret: Uint8Array, state: PasswordState): SentPassword;
  /** Chooses the positions that a challenge asks for, from 1. @param below returns a random integer below its argument */
  choose?(secret: Uint8Array, below: (limit: number) => number): readonly number[];
}

/** A token type of any parameters. */
// biome-ignore lint/suspicious/noExplicitAny: each type is given its own parameters back
export type AnyTokenType = TokenType<any>;

/** Declares a token type; the types of its parameters are inferred. */
export function defineTokenType<S extends Shape>(type: TokenType<S>): TokenType<S> {
  return type;
}

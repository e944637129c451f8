/**
 * What a type of token is: one file a type behind this interface. A type knows how its secret is made, what tokeninfo
 * it gets, what is announced once, and how a password is checked against it; storing, sealing and PINs are the same
 * for all and not its business. Parameters have the names of privacyIDEA's `/token/init`.
 */
import type * as z from 'zod/mini';
import type { StoredKind } from '../text/stored-value.ts';

export type Shape = Readonly<Record<string, z.ZodMiniType>>;
export type ParametersOf<S extends Shape> = { readonly [Name in keyof S]: z.output<S[Name]> };

/** Derived values: always the same for the same step and purpose. */
export interface SecretSource {
  bytes(purpose: string, length: number): Promise<Uint8Array>;
  text(purpose: string, alphabet: string, length: number): Promise<string>;
}

/** A token's secret as it was made, before it is sealed, and what lies beside it. */
export interface NewSecret {
  /** `null`: a type without one. */
  readonly secret: Uint8Array | null;
  /** How many characters of a password are this token's; the others are the PIN. */
  readonly otplen: number;
  readonly info: Readonly<Record<string, string>>;
}

/** How the token is called where its key is shown. */
export interface Naming {
  readonly serial: string;
  readonly issuer: string;
}

/** What checking a password depends on beside the secret. */
export interface PasswordState {
  readonly count: number;
  readonly count_window: number;
  readonly otplen: number;
  readonly info: Readonly<Record<string, string>>;
  /** What a challenge asked for; from 1. */
  readonly positions?: readonly number[];
}

/** What an accepted password leaves behind; what is absent stays. */
export interface NextState {
  readonly count?: number;
  readonly info?: Readonly<Record<string, string>>;
  /** The token has served: it goes. */
  readonly spent?: true;
}

/** A password that an authentication system sends, and the state that makes it the token's next one. */
export interface SentPassword {
  readonly password: string;
  readonly next: NextState;
}

/** How a token whose passwords come in an order is found again, once it has run ahead of the window. */
export interface Resync {
  /**
   * The position of a password beyond what `verify` accepts.
   * @param from `window`: only behind the window; `next`: from the next unused one on
   * @returns `null`: not within the token's `sync_window`
   */
  find(
    secret: Uint8Array,
    state: PasswordState & { readonly sync_window: number },
    password: string,
    now: number,
    from: 'window' | 'next',
  ): number | null;
  /** The state after the password of a position. */
  settle(state: PasswordState, position: number, now: number): NextState;
}

export interface TokenType<S extends Shape = Shape> {
  /** privacyIDEA's name. */
  readonly name: string;
  /** What its serials begin with. */
  readonly prefix: string;
  readonly description: string;
  readonly tokenkind: 'software' | 'virtual';
  /** The parameters that it understands beside those of every type. */
  readonly parameters: S;
  /** Where its one-time passwords are sent: without an address there is no token. */
  readonly sentTo?: 'phone' | 'email';
  /** The tokeninfo that its verification reads: an import refuses what is there and cannot be read. */
  readonly stored?: Readonly<Record<string, StoredKind<unknown>>>;
  /** Why no password could ever match a secret that was imported; `null`: some can. */
  refuseSecret?(secret: Uint8Array, state: PasswordState): string | null;
  /** What one parameter alone cannot tell. @throws TokenwrightError `bad_option`, with the parameter as its path */
  check?(parameters: ParametersOf<S>): void;
  make(parameters: ParametersOf<S>, source: SecretSource): Promise<NewSecret>;
  /** What the enrolment announces, once: how the token comes to its owner. */
  announce(made: NewSecret, naming: Naming): Readonly<Record<string, unknown>>;
  /**
   * Checks the token's part of a password. Pure.
   * @param now in milliseconds since 1970
   * @returns the state afterwards; `null`: not accepted
   * @throws TokenwrightError `unreadable_value` where tokeninfo holds what cannot be read
   */
  verify(secret: Uint8Array, state: PasswordState, password: string, now: number): NextState | null;
  /** Whether the PIN alone begins a login: always, or where the settings name the type. Absent: never. */
  readonly challenged?: 'always' | 'by setting';
  /** Whether all of a password is the PIN. */
  readonly pinOnly?: true;
  /** The password that was accepted last, to tell a replay from a wrong one; `null`: none was, or it cannot be told. */
  lastUsed?(secret: Uint8Array, state: PasswordState): string | null;
  readonly resync?: Resync;
  /** The next password, to be sent to the owner. */
  send?(secret: Uint8Array, state: PasswordState): SentPassword;
  /** Which characters of the secret a challenge asks for, from 1. @param below a random integer below its argument */
  choose?(secret: Uint8Array, below: (limit: number) => number): readonly number[];
}

/** A type whose own parameters only its author needs. */
// biome-ignore lint/suspicious/noExplicitAny: each type is given its own parameters back
export type AnyTokenType = TokenType<any>;

/** Declares a type; the types of its parameters follow from it. */
export function defineTokenType<S extends Shape>(type: TokenType<S>): TokenType<S> {
  return type;
}

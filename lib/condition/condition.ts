/**
 * What a condition is, and what it may look at. A condition is parsed once, when its definition is
 * loaded; deciding it afterwards is a pure function of the facts.
 */
import { TokenwrightError } from '../base/error.ts';
import type { Challenge, Container } from '../directory/directory.ts';
import type { User, UserIdentity } from '../directory/user.ts';
import type { Token } from '../token/token.ts';

/** What a condition has to know before it can be decided. */
export type FactName =
  | 'event' // what the auth event itself carries; always known
  | 'serial' // the serial of the step's token
  | 'user' // who the event is about: identity only
  | 'attributes' // the user's directory entry
  | 'user_tokens' // all the tokens of the user
  | 'user_containers' // how many containers the user has
  | 'token'
  | 'owner' // the directory entry of the token's owner
  | 'realms' // realm -> resolvers
  | 'challenge'
  | 'container'
  | 'counter';

export type ConditionGroup = 'general' | 'user' | 'token' | 'counter' | 'challenge' | 'container';

/** What of an auth event conditions look at. `response` is privacyIDEA's JSON answer, unparsed. */
export interface EventFacts {
  readonly client_ip: string | null;
  /** `undefined`: the event names nobody; `role: null`: somebody without a role. */
  readonly logged_in_user: { readonly role: string | null } | undefined;
  readonly response: unknown;
}

/**
 * The facts of one decision. A key that is absent is *not known yet* (its conditions wait for the
 * next room); `null` is known to be missing, and the manual says for each condition what that means.
 */
export interface Facts {
  /** When the event occurred, in milliseconds since 1970. */
  readonly now: number;
  /** The stack's IANA time zone. */
  readonly timezone: string;
  readonly event: EventFacts;
  readonly serial?: string | null;
  readonly user?: UserIdentity | null;
  readonly attributes?: User | null;
  /** `null`: there is no user. */
  readonly user_tokens?: readonly Pick<Token, 'serial' | 'failcount' | 'maxfail'>[] | null;
  /** The steps in the ledgers of those tokens: a redelivery finds there what it has made. */
  readonly user_token_steps?: ReadonlyMap<string, string>;
  /** How many containers the user has; `null`: there is no user. */
  readonly user_containers?: number | null;
  readonly token?: Token | null;
  /** The directory entry of the token's owner; `null`: no owner, or no longer in the directory. */
  readonly owner?: User | null;
  readonly realms?: Readonly<Record<string, readonly string[]>>;
  /** The challenges of the event's token and transaction. */
  readonly challenge?: readonly Challenge[];
  readonly container?: Container | null;
  readonly counter?: Readonly<Record<string, number>>;
}

/** One decision. `saw` is what the condition looked at, for the outcome and for `explain`. */
export interface Verdict {
  readonly holds: boolean;
  readonly saw: unknown;
  /** `false` where the fact is missing and the manual's rule decided instead. */
  readonly known: boolean;
  /** Whether it could not be evaluated: then it holds neither as it stands nor turned round by `unless`. */
  readonly failed?: boolean;
}

/** A parsed condition: what it needs, and the decision. */
export interface Test {
  readonly needs: readonly FactName[];
  /** @throws TokenwrightError `bad_condition` where the facts cannot be evaluated (such as a counter that is no number). */
  decide(facts: Facts): Verdict;
}

/** How the value of a condition is written: one kind of value, shared by all conditions that take it. */
export interface ConditionValue<T> {
  readonly kind: ValueKind;
  /** How it is written, in one line, for people. */
  readonly syntax: string;
  /** The values allowed, where they can be listed. */
  readonly allowed?: readonly string[];
  /** Whether reading this value needs the regular-expression engine, which is loaded before. Absent: never. */
  usesRegularExpression?(text: string): boolean;
  /** @throws TokenwrightError `bad_condition` for a value that is not of this kind, naming what is allowed */
  read(text: string): T;
}

export type ValueKind =
  | 'names'
  | 'word'
  | 'text'
  | 'truth'
  | 'integer'
  | 'duration'
  | 'networks'
  | 'expression'
  | 'comparison';

/** What every condition says of itself. */
interface DeclaredCondition {
  /** privacyIDEA's name. */
  readonly name: string;
  readonly group: ConditionGroup;
  readonly description: string;
  readonly needs: readonly FactName[];
  /** Whether it looks at the event's response, which exists only after the request. */
  readonly readsResponse?: boolean;
  /** Whether what it looks at has one value at a time, so that two conditions on it can contradict each other. */
  readonly hasOneValue?: boolean;
}

/** A condition of the catalogue. */
export interface Condition extends DeclaredCondition, Omit<ConditionValue<never>, 'read'> {
  /**
   * Returns the terms with which a value can hold: dispatch looks definitions up by them. Only for a condition that is
   * named as a field of the index (`index-terms.ts`).
   * @throws TokenwrightError as `parse`
   */
  terms?(value: string): readonly string[];
  /**
   * Reads the value of a definition, once.
   * @throws TokenwrightError `bad_condition` (also for a refused regular expression), naming what is allowed.
   */
  parse(value: string): Test;
}

/** A condition as its file declares it: everything that lint, index and loading need follows from it. */
export interface ConditionDeclaration<T> extends DeclaredCondition {
  readonly value: ConditionValue<T>;
  terms?(wanted: T): readonly string[];
  /** @throws TokenwrightError `bad_condition` where the facts cannot be evaluated */
  decide(wanted: T, facts: Facts): Verdict;
}

/** Makes a condition of the catalogue from its declaration. */
export function defineCondition<T>({ value, terms, decide, ...declared }: ConditionDeclaration<T>): Condition {
  const { read, ...kind } = value;
  return {
    ...declared,
    ...kind,
    ...(terms ? { terms: (text: string) => terms(read(text)) } : {}),
    parse(text) {
      const wanted = read(text);
      return { needs: declared.needs, decide: (facts) => decide(wanted, facts) };
    },
  };
}

/** A verdict on `saw`. */
export function decided(holds: boolean, saw: unknown): Verdict {
  return { holds, saw, known: true };
}

/** A verdict where there is nothing to look at: the manual's rule answers (most conditions hold then). */
export function missing(holds = true): Verdict {
  return { holds, saw: null, known: false };
}

/** Whether every fact that the test needs is there, be it `null`. */
export function allKnown(test: Test, facts: Facts): boolean {
  return test.needs.every((name) => facts[name] !== undefined);
}

/** Decides. A condition that cannot be evaluated on these facts does not hold, and `saw` says why. */
export function decide(test: Test, facts: Facts): Verdict {
  try {
    return test.decide(facts);
  } catch (error) {
    if (!(error instanceof TokenwrightError)) throw error;
    return { holds: false, saw: { error: error.message }, known: true, failed: true };
  }
}

/** A condition's value that cannot be meant, or a fact that cannot be evaluated. */
export function badCondition(
  message: string,
  given: unknown,
  allowed?: string | readonly string[],
  options?: ErrorOptions,
): TokenwrightError {
  return new TokenwrightError(
    'bad_condition',
    message,
    allowed === undefined ? { given } : { given, allowed },
    options,
  );
}

/** What `read` finds. @throws TokenwrightError `bad_condition` where a stored value is there and cannot be read */
export function evaluable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TokenwrightError) || error.code !== 'unreadable_value') throw error;
    const { path = '', given, allowed } = error.details;
    throw badCondition(`${path}: ${error.message}`, given, allowed, { cause: error });
  }
}

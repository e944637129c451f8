/**
 * The contract of a condition, and the facts that it may use. A condition is parsed once, when its definition is loaded;
 * evaluating it is a pure function of the facts.
 */
import { TokenwrightError } from '../base/error.ts';
import type { Challenge, Container } from '../directory/directory.ts';
import type { User, UserIdentity } from '../directory/user.ts';
import type { Token } from '../token/token.ts';

/** A fact that a condition may need. */
export type FactName =
  | 'event' // what the auth event itself carries; always known
  | 'serial' // the serial of the step's token
  | 'user' // the identity of the event's user
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

/** The parts of an auth event that conditions use. `response` is privacyIDEA's JSON answer, unchecked. */
export interface EventFacts {
  readonly client_ip: string | null;
  /** `undefined` if the event has none; `role` is `null` for a user without a role. */
  readonly logged_in_user: { readonly role: string | null } | undefined;
  readonly response: unknown;
}

/**
 * The facts for evaluating conditions. An absent key is not known yet: conditions that need it are deferred. `null` is
 * known to be missing; the manual says for each condition what follows.
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
  /** `null` if there is no user. */
  readonly user_tokens?: readonly Pick<Token, 'serial' | 'failcount' | 'maxfail'>[] | null;
  /** The steps in the ledgers of those tokens, by which a redelivery finds the token that it has created. */
  readonly user_token_steps?: ReadonlyMap<string, string>;
  /** How many containers the user has; `null` if there is no user. */
  readonly user_containers?: number | null;
  readonly token?: Token | null;
  /** The directory entry of the token's owner; `null` without an owner, or if the directory no longer has them. */
  readonly owner?: User | null;
  readonly realms?: Readonly<Record<string, readonly string[]>>;
  /** The challenges of the event's token and transaction. */
  readonly challenge?: readonly Challenge[];
  readonly container?: Container | null;
  readonly counter?: Readonly<Record<string, number>>;
}

/** The result of a condition. `saw` is the value that it was evaluated on, for outcomes and `explain`. */
export interface Verdict {
  readonly holds: boolean;
  readonly saw: unknown;
  /** `false` if the fact is missing: then the manual's rule decides. */
  readonly known: boolean;
  /** Whether it could not be evaluated: then it neither holds nor passes under `unless`. */
  readonly failed?: boolean;
}

/** A parsed condition. */
export interface Test {
  readonly needs: readonly FactName[];
  /**
   * @throws TokenwrightError `bad_condition` if the facts cannot be evaluated (such as a counter that is not a number).
   */
  decide(facts: Facts): Verdict;
}

/** A kind of value, shared by all conditions that take it. */
export interface ConditionValue<T> {
  readonly kind: ValueKind;
  /** Its form, in one line, for people. */
  readonly syntax: string;
  /** The allowed values, if they can be listed. */
  readonly allowed?: readonly string[];
  /** Tells whether reading a value needs the regular-expression engine. Absent: never. */
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

/** The description of a condition. */
interface DeclaredCondition {
  /** privacyIDEA's name. */
  readonly name: string;
  readonly group: ConditionGroup;
  readonly description: string;
  readonly needs: readonly FactName[];
  /** Whether it uses the event's response, which exists only after the request. */
  readonly readsResponse?: boolean;
  /** Whether its subject has a single value, so that two conditions on it can contradict each other. */
  readonly hasOneValue?: boolean;
}

/** A condition of the catalogue. */
export interface Condition extends DeclaredCondition, Omit<ConditionValue<never>, 'read'> {
  /**
   * Returns the terms with which a value can hold, by which dispatch finds definitions. Only for the fields of the index
   * (`index-terms.ts`).
   * @throws TokenwrightError as `parse`
   */
  terms?(value: string): readonly string[];
  /**
   * Reads the value of a definition, once.
   * @throws TokenwrightError `bad_condition` (also for a refused regular expression), naming what is allowed.
   */
  parse(value: string): Test;
}

/** A condition as it is declared. Parsing, index and lint are derived from it. */
export interface ConditionDeclaration<T> extends DeclaredCondition {
  readonly value: ConditionValue<T>;
  terms?(wanted: T): readonly string[];
  /** @throws TokenwrightError `bad_condition` if the facts cannot be evaluated */
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

/** Makes a verdict on a known fact. */
export function decided(holds: boolean, saw: unknown): Verdict {
  return { holds, saw, known: true };
}

/** Makes a verdict for a missing fact, by the manual's rule: most conditions hold then. */
export function missing(holds = true): Verdict {
  return { holds, saw: null, known: false };
}

/** Evaluates a test. If it cannot be evaluated, it does not hold, and `saw` holds the reason. */
export function decide(test: Test, facts: Facts): Verdict {
  try {
    return test.decide(facts);
  } catch (error) {
    if (!(error instanceof TokenwrightError)) throw error;
    return { holds: false, saw: { error: error.message }, known: true, failed: true };
  }
}

/** Tells whether every fact that a test or clause needs is known, `null` included. */
export function allKnown({ needs }: Pick<Test, 'needs'>, facts: Facts): boolean {
  return needs.every((name) => facts[name] !== undefined);
}

/** Makes the error of a wrong value of a condition, or of a fact that cannot be evaluated. */
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

/** Returns the result of `read`. @throws TokenwrightError `bad_condition` if a stored value cannot be read */
export function evaluable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TokenwrightError) || error.code !== 'unreadable_value') throw error;
    const { path = '', given, allowed } = error.details;
    throw badCondition(`${path}: ${error.message}`, given, allowed, { cause: error });
  }
}

/**
 * The contract of an action: a name, options with their schema, and a pure function from the token and the options to
 * the effects. What is the same for every action (reading, ledger, conditions, writing, outcome, next step) is in
 * `lib/step`.
 */
import type * as z from 'zod/mini';
import type { Directory } from '../directory/directory.ts';
import type { UserIdentity } from '../directory/user.ts';
import type { ResponseDetail } from '../event/outcome.ts';
import type { SecretBox } from '../secret/box.ts';
import type { SecretDeriver } from '../secret/derive.ts';
import type { Effect } from '../token/effect.ts';
import type { NewToken } from '../token/record.ts';
import type { Token } from '../token/token.ts';
import type { ActionName } from './table.ts';

/** What an action knows besides the token: of the event only what its options ask for. */
export interface ActionContext {
  /** When the event occurred, in milliseconds since 1970. */
  readonly now: number;
  /** The stack's IANA time zone. */
  readonly timezone: string;
  readonly client_ip: string | null;
  readonly user_agent: string | null;
  readonly user: UserIdentity | null;
}

/** What an action may use before its change is computed: the directory, and functions for secrets. */
export interface ActionTools {
  /** The id that secrets are derived from: the same for every delivery of the step. */
  readonly stepId: string;
  readonly directory: Pick<Directory, 'realms' | 'hasTokengroup' | 'ownerEntry' | 'container' | 'containerOfToken'>;
  /** Puts a token into a container. Repeating it changes nothing. */
  putIntoContainer(token: string, container: string): Promise<void>;
  readonly secrets: SecretDeriver;
  /** The issuer that authenticator apps show for the token. */
  readonly issuer: string;
  /** Seals what is stored: OTP keys are stored sealed. */
  readonly box: SecretBox;
  /** Hashes a PIN for storing. Slow on purpose; dry runs replace it. */
  hashPin(pin: string): Promise<string>;
}

/** The declaration that all actions have. */
interface DeclaredAction<Options> {
  /** privacyIDEA's name, in lower case. */
  readonly name: ActionName;
  readonly description: string;
  /** Example options with all that are required; absent: none is required. Used by the reference and the tests. */
  readonly example?: Readonly<Record<string, unknown>>;
  readonly positions: readonly ('pre' | 'post')[];
  /** A strict object schema. Its shape is the list of options in the catalogue. */
  readonly options: z.ZodMiniType<Options>;
}

/** An action that changes a token. */
export interface Action<Options = unknown, Prepared = unknown> extends DeclaredAction<Options> {
  /** Whether it may still change a revoked token. */
  readonly onRevoked?: boolean;
  /** Reads or derives what the change needs. @throws TokenwrightError for a permanent refusal */
  prepare?(options: Options, tools: ActionTools): Promise<Prepared>;
  /** Returns the change as data. Pure. @throws TokenwrightError for a permanent refusal */
  change(token: Token, options: Options, context: ActionContext, prepared: Prepared): readonly Effect[];
  /** Returns what is added to the response once the change is written. */
  respond?(prepared: Prepared): ResponseDetail;
  /** Makes the response again for a redelivery. */
  readonly recall?: Recall<Options>;
}

/** Repeats a response only while the attribute at `path` is still the one that this step wrote: its stamp tells. */
export interface Recall<Options> {
  readonly path: string;
  respond(options: Options, tools: ActionTools): Promise<ResponseDetail>;
}

/** What an action that creates a token knows. */
export interface CreationContext extends ActionContext {
  /** The serials of the tokens that the event is about. */
  readonly about: readonly string[];
  /** The container that the event's request names. */
  readonly container_serial: string | null;
}

/**
 * An action that creates a token, once per event. Its serial, conditions, ledger, stamps and outcome are the same for
 * all such actions: see `lib/step/create-token.ts`.
 */
export interface CreatingAction<Options = unknown> extends DeclaredAction<Options> {
  /** The prefix of the serial, or the whole serial. */
  naming(options: Options): { readonly prefix: string } | { readonly serial: string };
  /**
   * Makes the token, with its secrets sealed, and what is added to the response.
   * @throws TokenwrightError for a permanent refusal: no token is created
   */
  create(
    serial: string,
    options: Options,
    context: CreationContext,
    tools: ActionTools,
  ): Promise<{ readonly token: NewToken; readonly response: ResponseDetail }>;
  /** Does what is left to do once the token is stored. Repeating it changes nothing. */
  settle?(serial: string, options: Options, context: CreationContext, tools: ActionTools): Promise<void>;
  /** Makes the response again for a redelivery: the same one. */
  recall(serial: string, options: Options, tools: ActionTools): Promise<ResponseDetail>;
}

/** Declares an action that creates a token. */
export function defineCreatingAction<Options>(action: CreatingAction<Options>): CreatingAction<Options> {
  return action;
}

/** An action without its own option types: what the engine and the catalogue work with. */
// biome-ignore lint/suspicious/noExplicitAny: the engine passes each action its own options back
export type ChangingAction = Action<any, any>;
// biome-ignore lint/suspicious/noExplicitAny: the engine passes each action its own options back
export type AnyCreatingAction = CreatingAction<any>;
export type AnyAction = ChangingAction | AnyCreatingAction;

export function isCreating(action: AnyAction): action is AnyCreatingAction {
  return 'create' in action;
}

/** Declares an action; the types of options and preparation follow from it. */
export function defineAction<Options, Prepared = undefined>(
  action: Action<Options, Prepared>,
): Action<Options, Prepared> {
  return action;
}

/**
 * The contract that every action fills: a name, options with their schema, and a pure function from the
 * token, the options and what was prepared to the effects. All that is the same for every action
 * (reading, ledger, conditions, writing, outcome, next step) is in `perform.ts`, once.
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

/** What a step knows besides the token: of the event only what its options ask for. */
export interface ActionContext {
  /** When the event occurred, in milliseconds since 1970. */
  readonly now: number;
  /** The stack's IANA time zone. */
  readonly timezone: string;
  readonly client_ip: string | null;
  readonly user_agent: string | null;
  readonly user: UserIdentity | null;
}

/** What an action may ask the outside for, before its change is computed. */
export interface ActionTools {
  /** What secrets are derived from: the same for every delivery of the step. */
  readonly stepId: string;
  readonly directory: Pick<Directory, 'realms' | 'hasTokengroup' | 'ownerEntry' | 'container' | 'containerOfToken'>;
  /** Done again, it changes nothing. */
  putIntoContainer(token: string, container: string): Promise<void>;
  readonly secrets: SecretDeriver;
  /** Whose token it is, as authenticator apps show it. */
  readonly issuer: string;
  /** For what is kept: OTP keys go into the token sealed. */
  readonly box: SecretBox;
  /** What is stored of a PIN: slow on purpose, and so left out where nothing is stored. */
  hashPin(pin: string): Promise<string>;
}

/** What every action says of itself. */
interface DeclaredAction<Options> {
  /** privacyIDEA's name, in lower case. */
  readonly name: ActionName;
  readonly description: string;
  /** Options as somebody would write them, all that are required; absent: none is. Examples and tests take it. */
  readonly example?: Readonly<Record<string, unknown>>;
  readonly positions: readonly ('pre' | 'post')[];
  /** A strict object schema; its shape is the catalogue's list of options. */
  readonly options: z.ZodMiniType<Options>;
}

/** An action that changes a token. */
export interface Action<Options = unknown, Prepared = unknown> extends DeclaredAction<Options> {
  /** Whether it may still change a revoked token. */
  readonly onRevoked?: boolean;
  /** Reads what the change needs from outside. @throws TokenwrightError for a permanent refusal */
  prepare?(options: Options, tools: ActionTools): Promise<Prepared>;
  /** The change, as data. Pure. @throws TokenwrightError for a permanent refusal */
  change(token: Token, options: Options, context: ActionContext, prepared: Prepared): readonly Effect[];
  /** What the response gets, once the change is written. */
  respond?(prepared: Prepared): ResponseDetail;
  /** How a redelivery announces the response again. */
  readonly recall?: Recall<Options>;
}

/** A response is told again only while what it tells is still this step's doing: the stamp at `path` says so. */
export interface Recall<Options> {
  readonly path: string;
  respond(options: Options, tools: ActionTools): Promise<ResponseDetail>;
}

/** What an action that makes a token knows of its event. */
export interface CreationContext extends ActionContext {
  /** The tokens that the event is about. */
  readonly about: readonly string[];
  /** The container that the event's request names. */
  readonly container_serial: string | null;
}

/**
 * An action that makes a token: once an event, under a serial that comes of the step's id. Finding that serial,
 * conditions, ledger, stamps and outcome are the same for all of them: see `make-token.ts`.
 */
export interface CreatingAction<Options = unknown> extends DeclaredAction<Options> {
  /** What the serial begins with, or the whole of it. */
  naming(options: Options): { readonly prefix: string } | { readonly serial: string };
  /**
   * The token, its secrets sealed, and what the response gets.
   * @throws TokenwrightError for a permanent refusal: then there is no token at all
   */
  create(
    serial: string,
    options: Options,
    context: CreationContext,
    tools: ActionTools,
  ): Promise<{ readonly token: NewToken; readonly response: ResponseDetail }>;
  /** What is left to do beside the token, once it is there; done again, it changes nothing. */
  settle?(serial: string, options: Options, context: CreationContext, tools: ActionTools): Promise<void>;
  /** What a redelivery announces again: the same. */
  recall(serial: string, options: Options, tools: ActionTools): Promise<ResponseDetail>;
}

/** Declares an action that makes a token. */
export function defineCreatingAction<Options>(action: CreatingAction<Options>): CreatingAction<Options> {
  return action;
}

/** An action whose own types only its author needs: what the engine and the catalogue work with. */
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

/**
 * One request of the front door, from its parameters to its answer: access, `pre` definitions, the work, the `post`
 * event. The event is on the bus, or in the dead-letter queue, before the answer goes out.
 */

import { isoTime } from '../base/clock.ts';
import type { Failures } from '../directory/items.ts';
import { AUTH_SOURCE, dropSecrets } from '../event/boundary.ts';
import {
  type Answer,
  type EnvelopeId,
  type HttpAnswer,
  type ResponseView,
  viewAnswer,
  viewFault,
  writeAnswer,
  writeFault,
} from './envelope.ts';
import { ApiFault } from './fault.ts';
import { type Parameters, type RawRequest, readParameters } from './parameters.ts';
import { findOperation } from './router.ts';

/** Who calls, as `logged_in_user` of an event says it. */
export interface Caller {
  readonly username: string;
  readonly realm: string;
  readonly role: 'admin';
}

/** Who may call: anybody, the clients that check passwords, administrators, or administrators as the older calls say it. */
export type Wanted = 'anybody' | 'client' | 'admin' | 'user or admin';

export interface Access {
  /**
   * @param key the API key in the path
   * @returns who calls; `null` where that does not matter
   * @throws ApiFault 401 or 403
   */
  admit(request: RawRequest, wanted: Wanted, key: string | null): Promise<Caller | null>;
}

/** What an operation sees of its request. */
export interface ApiCall {
  readonly id: string;
  readonly parameters: Parameters;
  readonly caller: Caller | null;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** A call that may be done, before it is. */
export interface Prepared {
  /** The user that the event is about. */
  readonly user?: {
    readonly login: string;
    readonly realm: string;
    readonly resolver?: string;
    readonly uid?: string;
  } | null;
  /** The tokens that the event is about, where the request or its work names them. */
  readonly serial?: string;
  /** The user's failed attempts, as they were read with them. */
  readonly failures?: Failures | undefined;
  /** What the event's `request` says beside the parameters. */
  readonly request?: Parameters;
  /** Does the work. @throws ApiFault which the `post` event tells as well */
  perform(): Promise<Done>;
}

export interface Done extends Answer {
  /** What the `post` event tells as `result.value`, where the answer's own is secret or long. */
  readonly told?: unknown;
  /** What the `post` event tells instead of the answer, where that hides it. */
  readonly seen?: ResponseView;
  /** As in `Prepared`, where only the work tells it. */
  readonly serial?: string;
  /** Who has logged in by this very call. */
  readonly caller?: Caller;
}

export interface Operation {
  /** The name of its event. */
  readonly event: string;
  readonly id: EnvelopeId;
  readonly wanted: Wanted;
  /** Checks what refuses a call before anything happens. @throws ApiFault without any event */
  prepare(call: ApiCall): Promise<Prepared>;
}

/** By method and path, as in `DELETE /token/{serial}`. */
export type ApiOperations = Readonly<Record<string, Operation>>;

/** An auth event in EventBridge's envelope. */
export interface RaisedEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuthEvents {
  /** Does the `pre` definitions, and is back when they are done. */
  pre(event: RaisedEvent): Promise<void>;
  /** Puts a `post` event where it cannot be lost. */
  post(event: RaisedEvent): Promise<void>;
}

export interface Api {
  readonly operations: ApiOperations;
  readonly access: Access;
  readonly events: AuthEvents;
}

/** Answers a request. @throws whatever is no refusal: a fault of ours, or of what we stand on */
export async function serveApi(request: RawRequest, api: Api): Promise<HttpAnswer> {
  try {
    return await serve(request, api);
  } catch (error) {
    if (error instanceof ApiFault) return writeFault(error, request.now);
    throw error;
  }
}

async function serve(request: RawRequest, { operations, access, events }: Api): Promise<HttpAnswer> {
  const { operation, path, key } = findOperation(operations, request.method.toUpperCase(), request.path);
  const parameters = await readParameters(request, path);
  const caller = await access.admit(request, operation.wanted, key);
  const { id, clientIp, now } = request;
  const call = { id, parameters, caller, clientIp, userAgent: request.headers['user-agent'] || null, now };
  const prepared = await operation.prepare(call);
  const raise = (position: 'pre' | 'post', told: Told = {}) => eventOf(operation, call, prepared, position, told);
  await events.pre(raise('pre'));
  try {
    const done = await prepared.perform();
    const seen = done.seen ?? viewAnswer(operation.id, 'told' in done ? { ...done, value: done.told } : done);
    await events.post(raise('post', { ...done, response: seen }));
    return writeAnswer(operation.id, done, now);
  } catch (error) {
    if (error instanceof ApiFault) await events.post(raise('post', { response: viewFault(error) }));
    throw error;
  }
}

/** What only the work tells. */
type Told = Pick<Done, 'serial' | 'caller'> & { readonly response?: ResponseView };

function eventOf(
  { event }: Operation,
  { id, parameters, caller, clientIp, userAgent, now }: ApiCall,
  { user, serial, request }: Prepared,
  position: 'pre' | 'post',
  told: Told,
): RaisedEvent {
  const detail = {
    id,
    position,
    occurred_at: isoTime(now),
    client_ip: clientIp,
    user_agent: userAgent,
    logged_in_user: told.caller ?? caller,
    user: user ?? null,
    serial: told.serial ?? serial ?? null,
    request: { ...parameters, ...request },
    ...(told.response && { response: told.response }),
  };
  const { value } = dropSecrets(detail);
  return { id, source: AUTH_SOURCE, 'detail-type': event, time: isoTime(now), detail: value as typeof detail };
}

/**
 * Serves one request of the front door, from its parameters to its answer: access, `pre` definitions, the work, the
 * `post` event. The event is on the bus, or in the dead-letter queue, before the answer goes out.
 */

import { isoTime } from '../base/clock.ts';
import type { Failures } from '../directory/items.ts';
import { AUTH_SOURCE, dropSecrets } from '../event/boundary.ts';
import type { HttpResponse } from '../http/call.ts';
import {
  type ApiAnswer,
  type EnvelopeId,
  type ResponseView,
  viewAnswer,
  viewFault,
  writeAnswer,
  writeFault,
} from './envelope.ts';
import { ApiFault } from './fault.ts';
import { type RawRequest, type RequestParameters, readParameters } from './parameters.ts';
import { findOperation } from './router.ts';

/** The caller, as the `logged_in_user` of an event names them. */
export interface LoggedInUser {
  readonly username: string;
  readonly realm: string;
  readonly role: 'admin';
}

/**
 * The role that may call a route. `client` checks passwords. `user or admin` admits administrators as well, and differs
 * in the words of the refusal: the directory has no passwords, so no user calls.
 */
export type RequiredRole = 'anybody' | 'client' | 'admin' | 'user or admin';

export interface AccessControl {
  /**
   * Admits the caller of a request.
   * @param key the API key in the path
   * @returns the caller; `null` if the role is `anybody` or `client`
   * @throws ApiFault 401 or 403
   */
  admit(request: RawRequest, role: RequiredRole, key: string | null): Promise<LoggedInUser | null>;
}

/** A request, as the handler of its route sees it. */
export interface ApiCall {
  readonly id: string;
  readonly parameters: RequestParameters;
  readonly caller: LoggedInUser | null;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** A call that was checked and may be performed. */
export interface Prepared {
  /** The user of the events. */
  readonly user?: {
    readonly login: string;
    readonly realm: string;
    readonly resolver?: string;
    readonly uid?: string;
  } | null;
  /** The tokens of the events: serials, separated by commas. */
  readonly serial?: string;
  /** The directory's entry of the user, in which failed attempts are counted; absent: not in the directory. */
  readonly entry?: { readonly login: string; readonly realm: string; readonly failures: Failures | undefined };
  /** Fields of the events' `request` beside the parameters. */
  readonly request?: RequestParameters;
  /** Performs the call. @throws ApiFault which the `post` event reports as well */
  perform(): Promise<Done>;
}

export interface Done extends ApiAnswer {
  /** `result.value` of the `post` event, if that of the answer is secret or long. */
  readonly valueInEvent?: unknown;
  /** `response` of the `post` event, where the answer hides the reason of a refusal. */
  readonly responseInEvent?: ResponseView;
  /** The same as in `Prepared`, if it is known only after the call was performed. */
  readonly serial?: string;
  /** The administrator who has logged in by this call. */
  readonly caller?: LoggedInUser;
}

/**
 * Handles the calls of a route: checks a call before anything happens, and returns what performs it.
 *
 * @throws ApiFault, and then no event is raised
 */
export type RouteHandler<Tools> = (call: ApiCall, tools: Tools) => Promise<Prepared>;

export interface ApiOperation {
  /** The name of its events. */
  readonly event: string;
  readonly id: EnvelopeId;
  readonly role: RequiredRole;
  /** Calls the route's handler with its tools. */
  prepare(call: ApiCall): Promise<Prepared>;
}

/** The operations by method and path, such as `DELETE /token/{serial}`. */
export type ApiOperations = Readonly<Record<string, ApiOperation>>;

/** An auth event in EventBridge's envelope. */
export interface RaisedEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuthEvents {
  /** Runs the `pre` definitions; resolves when all are done. */
  pre(event: RaisedEvent): Promise<void>;
  /** Puts a `post` event on the bus or, if that fails, among the dead letters. */
  post(event: RaisedEvent): Promise<void>;
}

export interface Api {
  readonly operations: ApiOperations;
  readonly access: AccessControl;
  readonly events: AuthEvents;
}

/** Answers a request, a refused one too. @throws any other error: a programming error, or an unavailable service */
export async function serveApi(request: RawRequest, api: Api): Promise<HttpResponse> {
  try {
    return await serve(request, api);
  } catch (error) {
    if (error instanceof ApiFault) return writeFault(error, request.now);
    throw error;
  }
}

async function serve(request: RawRequest, { operations, access, events }: Api): Promise<HttpResponse> {
  const { operation, path, key } = findOperation(operations, request.method.toUpperCase(), request.path);
  const parameters = await readParameters(request, path);
  const caller = await access.admit(request, operation.role, key);
  const { id, clientIp, now } = request;
  const call = { id, parameters, caller, clientIp, userAgent: request.headers['user-agent'] || null, now };
  const prepared = await operation.prepare(call);
  const raise = (position: 'pre' | 'post', after: After = {}) => eventOf(operation, call, prepared, position, after);
  await events.pre(raise('pre'));
  try {
    const done = await prepared.perform();
    await events.post(raise('post', { ...done, response: responseInEvent(operation.id, done) }));
    return writeAnswer(operation.id, done, now);
  } catch (error) {
    if (error instanceof ApiFault) await events.post(raise('post', { response: viewFault(error) }));
    throw error;
  }
}

function responseInEvent(id: EnvelopeId, done: Done): ResponseView {
  if (done.responseInEvent) return done.responseInEvent;
  return viewAnswer(id, 'valueInEvent' in done ? { ...done, value: done.valueInEvent } : done);
}

/** The fields of an event that are known only after the call was performed. */
type After = Pick<Done, 'serial' | 'caller'> & { readonly response?: ResponseView };

function eventOf(
  { event }: ApiOperation,
  { id, parameters, caller, clientIp, userAgent, now }: ApiCall,
  { user, serial, request }: Prepared,
  position: 'pre' | 'post',
  after: After,
): RaisedEvent {
  const detail = {
    id,
    position,
    occurred_at: isoTime(now),
    client_ip: clientIp,
    user_agent: userAgent,
    logged_in_user: after.caller ?? caller,
    user: user ?? null,
    serial: after.serial ?? serial ?? null,
    request: { ...parameters, ...request },
    ...(after.response && { response: after.response }),
  };
  const { value } = dropSecrets(detail);
  return { id, source: AUTH_SOURCE, 'detail-type': event, time: isoTime(now), detail: value as typeof detail };
}

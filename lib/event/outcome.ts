/** The outcome of a step, as it is announced on the results bus; long values are shortened, so that the bus accepts it. */

import { isoTime } from '../base/clock.ts';
import type { Code, CodeAt, ReasonCode } from '../base/codes.ts';
import type { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import type { Changes } from '../token/record.ts';

export type OutcomeStatus = 'done' | 'skipped' | 'failed';

/** The reason of a skipped or failed step: a stable code, a message, and further data. */
export interface Reason<C extends Code = CodeAt<'skipped'>> {
  readonly code: C;
  readonly message: string;
  readonly [more: string]: unknown;
}

/** What an action adds to the response: the only place of any event that may hold a secret. */
export type ResponseDetail = Readonly<Record<string, unknown>>;

export interface Outcome {
  /** The step's id, by which consumers drop duplicates. */
  readonly id: string;
  readonly status: OutcomeStatus;
  readonly event: { readonly id: string; readonly name: string; readonly time: string };
  readonly definition: { readonly id: number; readonly name: string } | null;
  readonly action: string | null;
  readonly serial: string | null;
  /** `null` if the ledger no longer holds the changes of a redelivered step, or they are too long for the bus. */
  readonly changes: Changes | null;
  readonly response: { readonly detail: ResponseDetail } | null;
  readonly reason: Reason<ReasonCode> | null;
}

/**
 * Tells whether a redelivery of the step would announce the outcome again. Only a done step is in the ledger. A skipped
 * one is not evaluated again after a later step of its slip, so it has to be announced before that step is put.
 */
export function isRemembered({ status }: Outcome): boolean {
  return status === 'done';
}

/** The fields that all outcomes of a step share. */
export interface OutcomeSubject {
  readonly id: string;
  readonly event: { readonly id: string; readonly name: string; readonly time: number };
  readonly definition: { readonly id: number; readonly name: string } | null;
  readonly action: string | null;
  readonly serial: string | null;
}

function outcome(subject: OutcomeSubject, rest: Pick<Outcome, 'status' | 'changes' | 'response' | 'reason'>): Outcome {
  const { id, event, definition, action, serial } = subject;
  const { status, ...findings } = rest;
  const when = { id: event.id, name: event.name, time: isoTime(event.time) };
  const named = definition && { ...definition, name: briefText(definition.name) };
  return { id, status, event: when, definition: named, action, serial, ...findings };
}

export function done(subject: OutcomeSubject, changes: Changes | null, detail: ResponseDetail | null): Outcome {
  const response = detail === null ? null : { detail };
  return outcome(subject, { status: 'done', changes: announcedChanges(changes), response, reason: null });
}

export function skipped(subject: OutcomeSubject, reason: Reason): Outcome {
  return outcome(subject, { status: 'skipped', changes: {}, response: null, reason: briefReason(reason) });
}

export function failed(subject: OutcomeSubject, error: TokenwrightError): Outcome {
  const { path, given, allowed } = error.details;
  const more = {
    ...(path === undefined ? {} : { path }),
    ...(given === undefined ? {} : { given }),
    ...(allowed === undefined ? {} : { allowed }),
  };
  const reason = briefReason<ReasonCode>({ code: error.code, message: error.message, ...more });
  return outcome(subject, { status: 'failed', changes: {}, response: null, reason });
}

function briefReason<C extends Code>({ code, message, ...more }: Reason<C>): Reason<C> {
  const details = Object.entries(more).map(([name, value]) => [name, brief(value)] as const);
  return { code, message: briefText(message), ...Object.fromEntries(details) };
}

const LONGEST_TEXT = 1000;
const MOST_ENTRIES = 100;
const MOST_BYTES_OF_CHANGES = 192 * 1024;

export function briefText(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
}

/** Shortens a value of a reason: long texts are cut, long lists end early. */
export function brief(value: unknown): unknown {
  if (typeof value === 'string') return briefText(value);
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map(brief);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MOST_ENTRIES)
      .map(([key, part]) => [briefText(key), brief(part)]),
  );
}

/** Returns the changes, or `null` if they are too long: consumers need all of them or none. */
export function announcedChanges(changes: Changes | null): Changes | null {
  return Buffer.byteLength(JSON.stringify(changes)) > MOST_BYTES_OF_CHANGES ? null : changes;
}

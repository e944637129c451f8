/** Prints what happens on a local stack: each auth event as it arrives, and its outcomes. */
import * as z from 'zod/mini';
import type { Invocation, Observer } from '../../infra/local/delivery.ts';
import type { Envelope } from '../../infra/local/envelope.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { isObject } from '../../lib/base/object.ts';
import { readCurrent } from '../../lib/definition/commit.ts';
import { Definition } from '../../lib/definition/definition.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import { type AuthEvent, parseAuthEvent } from '../../lib/event/auth-event.ts';
import { OWN_SOURCE } from '../../lib/event/boundary.ts';
import { check, describeError } from '../../lib/schema/validate.ts';
import { describeResult, describeUnmet, isResult, type Paint } from '../output/display.ts';
import { tablesOf } from './environment.ts';

export interface Narrator extends Required<Omit<Observer, 'onDeadLetter'>> {
  /** Prints lines of others, after those that wait. */
  say(text: string): void;
}

/** Returns an observer that prints. @param write is called with whole lines */
export function narrator(write: (text: string) => void, paint: Paint): Narrator {
  /** Ids of events without an outcome so far. */
  const unmet = new Set<string>();
  /** Resolves when the lines so far are printed; undefined if nothing waits. */
  let before: Promise<void> | undefined;
  const say = (text: string | Promise<string>): void => {
    if (before === undefined && typeof text === 'string') {
      write(text);
      return;
    }
    const printed = Promise.all([text, before]).then(([line]) => {
      write(line);
      if (before === printed) before = undefined;
    });
    before = printed;
  };
  return {
    say,
    onEvent: (_bus, envelope) => {
      if (envelope.source !== OWN_SOURCE) {
        unmet.add(idOf(envelope));
        say(`\n${describeArrival(envelope, paint)}\n`);
        return;
      }
      unmet.delete(causeOf(envelope));
      if (isResult(envelope)) say(`${describeResult(envelope, paint)}\n`);
    },
    onInvocation: (invocation) => {
      const event = dispatched(invocation);
      if (event === undefined || !unmet.delete(event.id)) return;
      const describe = (listening: Definition[]) => `  ${paint('dim', describeUnmet(event.name, listening))}\n`;
      // The definitions cannot be read any more if the stack stops meanwhile.
      say(listeners(event).then(describe, () => ''));
    },
  };
}

const Detail = z.looseObject({ id: z.optional(z.string()) });
const OwnDetail = z.looseObject({ event: z.looseObject({ id: z.string() }) });

/** Returns the id that dispatch uses for an event. */
function idOf({ id, detail }: Envelope): string {
  return check(Detail, detail, 'bad_event').ok ? String(detail.id ?? id) : id;
}

/** Returns the id of the auth event that caused one of our own events. */
function causeOf({ detail }: Envelope): string {
  const read = check(OwnDetail, detail, 'bad_step');
  return read.ok ? read.value.event.id : '';
}

/** Returns the event that dispatch has just processed; undefined for other functions and for failures. */
function dispatched({ functionName, event, error }: Invocation): AuthEvent | undefined {
  if (!functionName.endsWith('-dispatch') || error !== undefined) return undefined;
  const parsed = parseAuthEvent(isObject(event) && 'event' in event ? event.event : event);
  return parsed.ok && parsed.value.position === 'post' ? parsed.value : undefined;
}

/** Reads the active definitions for an event's name and position. */
async function listeners({ name, position }: AuthEvent): Promise<Definition[]> {
  const { bodies } = await readCurrent(definitionStore(documentClient(), tablesOf(process.env).definitions));
  return [...bodies.values()].flatMap((body) => {
    const read = check(Definition, body, 'bad_definition');
    return read.ok && listensTo(read.value, name, position) ? [read.value] : [];
  });
}

export function listensTo({ active, event, position }: Definition, name: string, at: string): boolean {
  return active && position === at && event.includes(name);
}

/** Describes an auth event as the bus received it. */
function describeArrival(envelope: Envelope, paint: Paint): string {
  const parsed = parseAuthEvent(envelope);
  if (parsed.ok) return describeEvent(parsed.value, paint);
  const faults = parsed.errors.map(describeError).join('; ');
  return `${paint('red', 'malformed event')}: ${faults}  (see: npx tokenwright dlq list)`;
}

function describeEvent(event: AuthEvent, paint: Paint): string {
  const about = event.serials.join(', ') || event.user?.login || 'nobody';
  const time = new Date(event.occurredAt).toISOString();
  return `${paint('cyan', time)} ${paint('bold', event.name)} ${about} ${paint('dim', `(${event.source}, ${event.position}, ${event.id})`)}`;
}

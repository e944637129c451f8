/**
 * Reads the scenario file of `run`: users, tokens, definitions, events and requests, all checked before anything runs.
 * Every key is optional.
 */

import * as z from 'zod/mini';
import { actions, findAction } from '../../lib/action/catalogue.ts';
import { Settings } from '../../lib/authenticate/settings.ts';
import { isoTime } from '../../lib/base/clock.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isObject } from '../../lib/base/object.ts';
import { type CheckedDefinitions, checkDefinitions } from '../../lib/definition/check.ts';
import { ImportedDirectory } from '../../lib/directory/import.ts';
import { type AuthEvent, parseAuthEvent } from '../../lib/event/auth-event.ts';
import { Instant } from '../../lib/schema/scalar.ts';
import { check, Refusal } from '../../lib/schema/validate.ts';
import { Timezone } from '../../lib/text/zone.ts';
import { ImportedToken } from '../../lib/tokentype/imported-token.ts';
import { ScenarioRequest } from './requests.ts';

const Events = z.optional(z.nullable(z.array(z.unknown())));
const Event = z.looseObject({});
const Scenario = z.strictObject({
  timezone: z.optional(z.nullable(Timezone)),
  /** Sets the setting of this name. */
  default_realm: z.optional(z.nullable(z.string())),
  settings: z.optional(z.nullable(Settings)),
  admins: z.optional(
    z.nullable(z.array(z.strictObject({ username: z.string().check(z.minLength(1)), password: z.string() }))),
  ),
  requests: z.optional(z.nullable(z.array(ScenarioRequest))),
  ...ImportedDirectory,
  tokens: z.optional(z.nullable(z.array(ImportedToken))),
  definitions: z.optional(z.unknown()),
  events: Events,
});

/** An auth event of a scenario: its envelope, completed, and the event that was read from it. */
export interface ScenarioEvent {
  readonly envelope: Readonly<Record<string, unknown>>;
  readonly event: AuthEvent;
  /** When it arrives, in milliseconds since 1970. */
  readonly arrived: number;
}

export interface CheckedScenario extends Omit<z.output<typeof Scenario>, 'timezone' | 'definitions' | 'events'> {
  readonly timezone: string;
  readonly checked: CheckedDefinitions;
  readonly events: readonly ScenarioEvent[];
}

/**
 * Checks a scenario.
 *
 * @param now the time of the events if none has one, in milliseconds since 1970
 * @throws Refusal with every fault
 */
export async function readScenario(input: unknown, now: number): Promise<CheckedScenario> {
  const shape = check(Scenario, input ?? {}, 'bad_scenario');
  const given = isObject(input) ? input : {};
  const definitions = 'definitions' in given ? (given.definitions ?? []) : [];
  const listed = check(Events, 'events' in given ? given.events : [], 'bad_scenario');
  const checked = await checkDefinitions(
    definitions,
    findAction,
    actions.map(({ name }) => name),
  );
  const events = completeEvents(listed.ok ? (listed.value ?? []) : [], now);
  const errors = [
    ...(shape.ok ? doubles(shape.value.tokens ?? []) : shape.errors),
    ...checked.errors,
    ...events.errors,
  ];
  if (errors.length > 0 || !shape.ok) throw new Refusal(errors);
  return { ...shape.value, timezone: shape.value.timezone ?? 'UTC', checked, events: events.complete };
}

/** Finds serials that are given twice. */
function doubles(tokens: readonly ImportedToken[]): TokenwrightError[] {
  const seen = new Set<string>();
  return tokens.flatMap(({ serial }, i) => {
    const twice = seen.has(serial);
    seen.add(serial);
    const path = `tokens[${i}].serial`;
    return twice
      ? [new TokenwrightError('bad_scenario', `the serial ${serial} is given twice`, { path, given: serial })]
      : [];
  });
}

/**
 * Fills in missing ids, times and sources: the time of the event before it, else of the first event with one, else
 * `now`.
 */
function completeEvents(list: readonly unknown[], now: number) {
  const complete: ScenarioEvent[] = [];
  const errors: TokenwrightError[] = [];
  const given = list.map((event) => check(Event, event, 'bad_event'));
  const arrivals = arrivalsInOrder();
  let time: unknown = given.map((event) => event.ok && timeOf(event.value)).find(isTime) ?? isoTime(now);
  for (const [i, read] of given.entries()) {
    if (!read.ok) {
      errors.push(...read.errors.map((error) => error.under(`events[${i}]`)));
      continue;
    }
    const event = read.value;
    const own = timeOf(event);
    if (isTime(own)) time = own;
    const envelope = {
      source: 'scenario',
      ...event,
      id: event.id ?? `event-${i + 1}`,
      time: own ?? time,
      detail: event.detail ?? {},
    };
    const arrived = arrivals(instantOf(envelope.time) ?? now, instantOf(occurredAt(event)), own !== undefined);
    const parsed = parseAuthEvent(envelope, arrived);
    if (parsed.ok) complete.push({ envelope: withOwnId(envelope, parsed.value), event: parsed.value, arrived });
    else errors.push(...parsed.errors.map((error) => error.under(`events[${i}]`)));
  }
  return { complete, errors };
}

/** Tells whether a time may be used for other events too; a malformed one is reported once, at its own event. */
function isTime(value: unknown): boolean {
  return instantOf(value) !== undefined;
}

function instantOf(value: unknown): number | undefined {
  const read = check(Instant, value, 'bad_event');
  return read.ok ? read.value : undefined;
}

/**
 * Computes when each event of a file arrives: within the second of its time, one millisecond after the event before it;
 * an event with a time in milliseconds arrives at that time.
 */
function arrivalsInOrder() {
  const latest = new Map<number, number>();
  return (time: number, occurred: number | undefined, isOwn: boolean): number => {
    const second = Math.floor(time / 1000) * 1000;
    const end = second + 999;
    const next = Math.max(
      (latest.get(second) ?? second - 1) + 1,
      occurred !== undefined && occurred <= end ? occurred : 0,
    );
    const arrived = isOwn && time > second ? time : Math.min(next, end);
    latest.set(second, Math.max(arrived, latest.get(second) ?? arrived));
    return arrived;
  };
}

function timeOf(event: Record<string, unknown>): unknown {
  return event.time ?? occurredAt(event);
}

function occurredAt({ detail }: Record<string, unknown>): unknown {
  return isObject(detail) ? detail.occurred_at : undefined;
}

/** Copies the id of the event into its detail, since a bus gives each event a new id. */
function withOwnId(envelope: Record<string, unknown> & { detail: unknown }, event: AuthEvent) {
  const detail = isObject(envelope.detail) ? envelope.detail : {};
  return { ...envelope, detail: { ...detail, id: event.id } };
}

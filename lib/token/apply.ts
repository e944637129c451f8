/**
 * Merges the effects of a step into a record by their stamps. An older assignment does not overwrite a younger one, and
 * increments commute. A late assignment sets its value plus the increments of younger events. Pure; see
 * docs/reference/token-item.md.
 */
import { TokenwrightError } from '../base/error.ts';
import {
  type ApplicationPath,
  applicationPath,
  type Effect,
  FAILCOUNTER_EXCEEDED,
  infoKey,
  isApplicationPath,
  isInfoPath,
  type MemberSet,
} from './effect.ts';
import { attributeHash, type Delta } from './ledger.ts';
import type { TokenRecord } from './record.ts';
import { BORN, compareStamps, type Stamp, stampAt } from './stamp.ts';
import { type Application, infoValue } from './token.ts';

/** The record after a step. */
export interface Applied {
  readonly record: TokenRecord;
  /** The number of applied effects; the others are superseded by younger assignments. */
  readonly made: number;
  /** The increment, for the ledger. */
  readonly delta?: Delta;
}

/** Applies all effects of one step. @throws TokenwrightError `number_too_large` beyond what can be counted exactly */
export function applyEffects(record: TokenRecord, effects: readonly Effect[], stamp: Stamp): Applied {
  return effects.reduce<Applied>(
    (applied, effect) => {
      const next = applyEffect(applied.record, effect, stamp);
      if (next === null) return applied;
      return { record: next, made: applied.made + 1, delta: deltaOf(effect, stamp) ?? applied.delta };
    },
    { record, made: 0 },
  );
}

/** Applies an effect; `null` if it is superseded. */
function applyEffect(record: TokenRecord, effect: Effect, stamp: Stamp): TokenRecord | null {
  switch (effect.kind) {
    case 'assign':
      return assign(record, effect, stamp);
    case 'increment':
      return increment(record, effect, stamp);
    case 'include':
    case 'exclude':
      return setMember(record, effect.set, effect.member, effect.kind === 'include', stamp);
    case 'replace':
      return replaceMembers(record, effect.set, effect.members, stamp);
    case 'delete':
      return entomb(record, stamp);
  }
}

function assign(record: TokenRecord, effect: Effect & { kind: 'assign' }, stamp: Stamp): TokenRecord | null {
  const { path } = effect;
  if (isOlder(stamp, stampAt(record.stamps, path))) return null;
  const stamped = withStamp(record, path, stamp);
  if (path === 'pin') return { ...stamped, pinHash: effect.value };
  if (path === 'user') return assignOwner(stamped, effect.value);
  if (isApplicationPath(path)) return attach(stamped, path, effect.value as Application);
  const later = laterDeltas(record, path, stamp);
  if (isInfoPath(path)) return withInfo(stamped, infoKey(path), addTo(effect.value as string | null, later));
  const value = typeof effect.value === 'number' ? add(effect.value, later) : effect.value;
  return { ...stamped, token: { ...stamped.token, [path]: value } };
}

/** Attaches an application. The list is sorted, so that it does not depend on the order of events. */
function attach(record: TokenRecord, path: ApplicationPath, application: Application): TokenRecord {
  const others = record.token.applications.filter((one) => applicationPath(one) !== path);
  const applications = [...others, application].sort((a, b) => (applicationPath(a) < applicationPath(b) ? -1 : 1));
  return { ...record, token: { ...record.token, applications } };
}

/** Adds increments to a text. A text that is not a number does not change; a missing one counts as 0. */
function addTo(value: string | null, later: number): string | null {
  if (later === 0) return value;
  const base = readNumber(value);
  return base === null ? value : String(add(base, later));
}

/** Adds two numbers, if the sum can be stored exactly. */
function add(number: number, by: number): number {
  const sum = number + by;
  if (Number.isSafeInteger(sum)) return sum;
  throw new TokenwrightError('number_too_large', `the sum of ${number} and ${by} is too large to be exact`, {
    given: by,
    allowed: `a sum between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`,
  });
}

/** Reads a number from tokeninfo: 0 if it is absent or blank, null if it is not a number. */
export function readNumber(value: string | null | undefined): number | null {
  const text = (value ?? '').trim();
  if (text === '') return 0;
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

function increment(record: TokenRecord, effect: Effect & { kind: 'increment' }, stamp: Stamp): TokenRecord | null {
  const { path, by } = effect;
  if (isOlder(stamp, stampAt(record.stamps, path))) return null;
  if (isInfoPath(path)) {
    const value = add(readNumber(infoValue(record.token, infoKey(path))) ?? 0, by);
    return withInfo(record, infoKey(path), String(value));
  }
  const failcount = add(record.token.failcount, by);
  const changed = { ...record, token: { ...record.token, failcount } };
  // The value at the time of the event, without increments of younger events that arrived earlier.
  const inItsTime = failcount - laterDeltas(record, path, stamp);
  if (failcount !== 0 && inItsTime !== 0) return changed;
  return assign(changed, { kind: 'assign', path: FAILCOUNTER_EXCEEDED, value: null }, stamp) ?? changed;
}

function deltaOf(effect: Effect, stamp: Stamp): Delta | undefined {
  if (effect.kind !== 'increment') return undefined;
  return { attribute: attributeHash(effect.path), by: effect.by, stamp };
}

function laterDeltas(record: TokenRecord, path: string, stamp: Stamp): number {
  const attribute = attributeHash(path);
  return record.ledger.reduce(
    (sum, { delta }) =>
      delta && delta.attribute === attribute && compareStamps(delta.stamp, stamp) > 0 ? sum + delta.by : sum,
    0,
  );
}

/**
 * Assigns the owner. A token that loses its owner keeps its realms, except one that a younger "set tokenrealm" kept only
 * because it was the realm of this owner: if the events had arrived in order, it would not have been kept.
 */
function assignOwner(record: TokenRecord, user: TokenRecord['token']['user']): TokenRecord {
  const former = record.token.user;
  const keptForOwner = former !== null && user === null && isKeptForOwner(record, former.realm);
  const realms = keptForOwner ? record.token.realms.filter((realm) => realm !== former.realm) : record.token.realms;
  return { ...record, token: { ...record.token, user, realms } };
}

function setMember(
  record: TokenRecord,
  set: MemberSet,
  member: string,
  included: boolean,
  stamp: Stamp,
): TokenRecord | null {
  const path = memberPath(set, member);
  if (isOlder(stamp, stampAt(record.stamps, set)) || isOlder(stamp, record.stamps[path])) return null;
  const others = record.token[set].filter((other) => other !== member);
  return withMembers(withStamp(record, path, stamp), set, included ? [...others, member] : others);
}

function replaceMembers(
  record: TokenRecord,
  set: 'realms',
  members: readonly string[],
  stamp: Stamp,
): TokenRecord | null {
  if (isOlder(stamp, stampAt(record.stamps, set))) return null;
  const younger = Object.entries(record.stamps)
    .filter(([path, other]) => path.startsWith(`${set}:`) && compareStamps(other, stamp) > 0)
    .map(([path]) => path.slice(set.length + 1));
  const kept = record.token[set].filter((member) => younger.includes(member));
  const added = members.filter((member) => !younger.includes(member));
  const next = withMembers(withStamp(record, set, stamp), set, [...kept, ...added]);
  const owner = record.token.user;
  if (!owner || next.token[set].includes(owner.realm)) return next;
  const withOwner = withMembers(next, set, [...next.token[set], owner.realm]);
  return withStamp(withOwner, memberPath(set, owner.realm), stamp);
}

/** Tells whether a realm was kept only for the owner: `replaceMembers` gives it the stamp of the whole set. */
function isKeptForOwner(record: TokenRecord, realm: string): boolean {
  const whole = record.stamps.realms;
  const own = record.stamps[memberPath('realms', realm)];
  return whole !== undefined && own !== undefined && compareStamps(whole, own) === 0;
}

/** Deletes the token, unless it was created after the deleting event. */
function entomb(record: TokenRecord, stamp: Stamp): TokenRecord | null {
  if (isOlder(stamp, record.stamps[BORN])) return null;
  return { ...record, deletedAt: stamp.time };
}

function isOlder(stamp: Stamp, than: Stamp | undefined): boolean {
  return than !== undefined && compareStamps(stamp, than) < 0;
}

function memberPath(set: MemberSet, member: string): string {
  return `${set}:${member}`;
}

function withStamp(record: TokenRecord, path: string, stamp: Stamp): TokenRecord {
  return { ...record, stamps: { ...record.stamps, [path]: stamp } };
}

function withInfo(record: TokenRecord, key: string, value: string | null): TokenRecord {
  const { [key]: _, ...rest } = record.token.info;
  const info = value === null ? rest : { ...rest, [key]: value };
  return { ...record, token: { ...record.token, info } };
}

/** Sets the members, sorted, so that the list does not depend on the order of events. */
function withMembers(record: TokenRecord, set: MemberSet, members: readonly string[]): TokenRecord {
  return { ...record, token: { ...record.token, [set]: [...members].sort() } };
}

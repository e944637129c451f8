/** Prints tokens for people; the names of the fields are those of --json. */
import { isObject } from '../../lib/base/object.ts';
import type { ShownToken } from '../../lib/token/view.ts';
import { inColumns } from './columns.ts';

export const STATES = ['active', 'disabled', 'locked', 'revoked', 'unassigned'] as const;
export type State = (typeof STATES)[number];

export function statesOf({ active, locked, revoked, user }: ShownToken): State[] {
  const found = { active: active && !revoked, disabled: !active, locked, revoked, unassigned: user === null };
  return STATES.filter((state) => found[state]);
}

/** Returns the owner as `cornelius@realm1`; `-` if there is none. */
export function ownerOf({ user }: ShownToken): string {
  return user ? `${user.login}@${user.realm}` : '-';
}

/** Formats tokens as lines in columns. */
export function tokenTable(tokens: readonly ShownToken[]): string[] {
  const rows = tokens.map((token) => [
    token.serial,
    token.tokentype,
    statesOf(token)
      .filter((state) => state !== 'unassigned')
      .join(','),
    ownerOf(token),
    token.realms.join(',') || '-',
    `${token.failcount}/${token.maxfail}`,
  ]);
  return inColumns([['serial', 'type', 'state', 'user', 'realms', 'fails'], ...rows]);
}

/** Formats the fields of a token, a line each; empty fields are left out. */
export function tokenFields(token: ShownToken): string[] {
  const rows = Object.entries(token).flatMap(([field, value]): string[][] => {
    if (field === 'info') return Object.entries(token.info).map(([key, text]) => [`info.${key}`, text]);
    if (field === 'user') return [[field, describeOwner(token)]];
    return [[field, describeValue(value)]];
  });
  return inColumns(rows.filter(([, value]) => value !== ''));
}

function describeOwner({ user }: ShownToken): string {
  return user ? `${user.login} in ${user.realm} (resolver ${user.resolver}, uid ${user.uid})` : 'nobody';
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) {
    return value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(', ');
  }
  return value === null || isObject(value) ? JSON.stringify(value) : String(value);
}

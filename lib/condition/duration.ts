/** Spans of time that a condition looks back: `30s`, `10m`, `7h`, `10d`, `1y`; a year has 365 days. */
import { badCondition } from './refuse.ts';

const DURATION = /^(?<sign>[+-]?)\s*(?<amount>[0-9]{1,9})\s*(?<unit>[smhdy])$/;
const DAY = 86_400_000;
const MILLISECONDS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY, y: 365 * DAY };

/** How a duration is written, for people. */
export const DURATION_SYNTAX = '<number><unit>, the unit one of s, m, h, d, y, as in 7h or 10d';

/** Milliseconds. @throws TokenwrightError `bad_condition` for anything but a number and a unit */
export function parseDuration(value: string): number {
  const groups = DURATION.exec(value.trim())?.groups;
  const unit = MILLISECONDS[groups?.unit ?? ''];
  if (!groups || unit === undefined) throw badCondition(`"${value}" is not a duration`, value, DURATION_SYNTAX);
  const length = Number(groups.amount) * unit;
  return groups.sign === '-' ? -length : length;
}

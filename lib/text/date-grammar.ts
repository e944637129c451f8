/**
 * How a date may be written, in one place; it reads as the manual's chapter on "set validity" does.
 * The expressions only split the text: whether calendar and clock have such digits is calendar.ts'.
 * ASCII digits only, and each form is anchored, so nothing is ever guessed from a part of a text.
 */

/** `2016/12/23`, `2016-12-23`. */
export const YEAR_FIRST = /^(?<year>[0-9]{4})(?<separator>[/-])(?<month>[0-9]{1,2})\k<separator>(?<day>[0-9]{1,2})/;

/** `23.12.2016`, `23/12/2016`: the day has two digits, or it could be a month. */
export const DAY_FIRST = /^(?<day>[0-9]{2})(?<separator>[./])(?<month>[0-9]{1,2})\k<separator>(?<year>[0-9]{4})/;

const CLOCK = '(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:\\.(?<fraction>[0-9]+))?)?';
const HALF_OF_DAY = '(?:\\s*|:)(?<half>[AaPp])[Mm]';
const ZONE = '\\s?(?<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)';

/** Behind a date: `T15:30+0600`, ` 9:30am`, ` 11:20:pm`, `T15:30:45.123Z`, ` 15:30 GMT`; RFC 3339 allows `t` and `z`. */
export const TIME = new RegExp(`^(?:[Tt]|\\s+)${CLOCK}(?:${HALF_OF_DAY})?(?:${ZONE})?$`);

/** The parts of a zone: `+06`, `+0600`, `+06:00`. */
export const ZONE_OFFSET = /^(?<sign>[+-])(?<hours>[0-9]{2}):?(?<minutes>[0-9]{2})?$/;

/** `+30m`, `+7h`, `+30d`, in any case, with spaces around the number. */
export const OFFSET = /^\+\s*(?<amount>[0-9]+)\s*(?<unit>[mhd])$/i;

/** What is accepted, for people. */
export const DATE_FORMS = [
  '2016/12/23 or 2016-12-23',
  '23.12.2016 or 23/12/2016 (day first, two digits)',
  'a time behind it: 9:30, 9:30:15, 9:30am, T15:30',
  'a zone behind the time: Z, UTC, GMT, +06, +0600, +06:00 (at most 14:00)',
  'years 1970 to 9999',
  '+30m, +7h or +30d, at most 2900000 days',
] as const;

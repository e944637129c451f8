/**
 * What a PSKC file allows a key to be used for (RFC 6030, section 5). A policy that is not understood, or cannot be kept
 * here, means that the key must not be used: it is refused, and not imported without its limits.
 */
import { TokenwrightError } from '../../lib/base/error.ts';
import { parseMoment, resolveMoment } from '../../lib/text/date.ts';
import type { Element } from './xml.ts';

const PERIOD: Readonly<Record<string, string>> = {
  StartDate: 'validity_period_start',
  ExpiryDate: 'validity_period_end',
};
/** Attributes of a PIN that the device checks by itself: nothing of it is left to do here. */
const LOCAL_PIN = ['pinusagemode', 'maxfailedattempts', 'minlength', 'maxlength', 'pinencoding'];

/** @returns the tokeninfo of the key's validity period @throws TokenwrightError `bad_token` */
export function periodOf(policy: Element | undefined): Record<string, string> {
  const children = policy?.children ?? [];
  for (const child of children) requireKept(child);
  const usages = children.filter(({ name }) => name === 'KeyUsage').map(({ text }) => text.trim());
  if (usages.length > 0 && !usages.includes('OTP')) {
    throw refused('KeyUsage', `keeps the key for ${usages.join(', ')}`, 'OTP, or no KeyUsage at all');
  }
  return Object.fromEntries(
    Object.entries(PERIOD).flatMap(([name, key]) => {
      const child = children.find((one) => one.name === name);
      return child ? [[key, readDate(name, child.text)]] : [];
    }),
  );
}

function requireKept({ name, attributes }: Element): void {
  if (Object.hasOwn(PERIOD, name) || name === 'KeyUsage') return;
  if (name === 'PINPolicy') {
    const { pinusagemode: mode = 'none' } = attributes;
    const others = Object.keys(attributes).filter((one) => !LOCAL_PIN.includes(one) && !one.startsWith('xmlns'));
    if (mode === 'Local' && others.length === 0) return;
    throw refused(name, `wants a PIN in a way that cannot be kept here (${[mode, ...others].join(', ')})`, 'Local');
  }
  throw refused(name, 'is a limit that cannot be kept here, so that the key must not be used', [
    ...Object.keys(PERIOD),
    'KeyUsage',
    'PINPolicy',
  ]);
}

/** Without a zone it is UTC. */
function readDate(name: string, text: string): string {
  try {
    const moment = parseMoment(text);
    if (moment.kind === 'fixed') return resolveMoment(moment, { now: 0, timezone: 'UTC' }).text;
  } catch (error) {
    if (!(error instanceof TokenwrightError)) throw error;
  }
  throw refused(name, 'is no date', 'a date and time in UTC, such as 2027-12-31T00:00:00Z');
}

function refused(name: string, message: string, allowed: string | readonly string[]): TokenwrightError {
  return new TokenwrightError('bad_token', message, { path: `Policy.${name}`, allowed });
}

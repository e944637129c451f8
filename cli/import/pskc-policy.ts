/**
 * Reads the policy of a PSKC key (RFC 6030, section 5). A key with a policy that is not understood, or cannot be enforced
 * here, must not be used: it is refused, rather than imported without its limits.
 */
import { TokenwrightError } from '../../lib/base/error.ts';
import { parseMoment, resolveMoment } from '../../lib/text/date.ts';
import type { Element } from './xml.ts';

const PERIOD: Readonly<Record<string, string>> = {
  StartDate: 'validity_period_start',
  ExpiryDate: 'validity_period_end',
};
/** Attributes that describe a PIN which the device itself checks. */
const LOCAL_PIN = ['pinusagemode', 'maxfailedattempts', 'minlength', 'maxlength', 'pinencoding'];

/** Returns the tokeninfo of the key's validity period. @throws TokenwrightError `bad_token` */
export function periodOf(policy: Element | undefined): Record<string, string> {
  const children = policy?.children ?? [];
  for (const child of children) requireKept(child);
  const usages = children.filter(({ name }) => name === 'KeyUsage').map(({ text }) => text.trim());
  if (usages.length > 0 && !usages.includes('OTP')) {
    throw refused('KeyUsage', `allows only ${usages.join(', ')}`, 'OTP, or no KeyUsage');
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
    throw refused(name, `requires a PIN that is not supported here (${[mode, ...others].join(', ')})`, 'Local');
  }
  throw refused(name, 'is a limit that is not supported here, so the key must not be used', [
    ...Object.keys(PERIOD),
    'KeyUsage',
    'PINPolicy',
  ]);
}

/** Reads a date and time; without a zone it is in UTC. */
function readDate(name: string, text: string): string {
  try {
    const moment = parseMoment(text);
    if (moment.kind === 'fixed') return resolveMoment(moment, { now: 0, timezone: 'UTC' }).text;
  } catch (error) {
    if (!(error instanceof TokenwrightError)) throw error;
  }
  throw refused(name, 'is not a date', 'a date and time in UTC, such as 2027-12-31T00:00:00Z');
}

function refused(name: string, message: string, allowed: string | readonly string[]): TokenwrightError {
  return new TokenwrightError('bad_token', message, { path: `Policy.${name}`, allowed });
}

/**
 * IP addresses in patterns. AWS's engine writes an address as hexadecimal digits and compares them one by one with the
 * digits of the first and last address of the range, until one digit lies strictly between the two. It ignores what
 * follows, even the length of the address. So 0.0.0.0/0 matches most IPv6 addresses as well, and a range begins at the
 * address that was written, even if its host bits are not zero. This was measured, and is reproduced.
 */
import ipaddr from 'ipaddr.js';

/** The first and the last address of a block, as digits. */
export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

/** Converts an address to 8 or 32 upper-case hexadecimal digits; undefined if the text is no address. */
export function addressDigits(text: string): string | undefined {
  const bytes = addressBytes(text);
  return bytes && digits(bytes);
}

/** Parses a block such as `10.0.0.0/24` or `2001:db8::/32`; undefined for anything else. */
export function addressRange(cidr: string): AddressRange | undefined {
  const [address, mask, ...rest] = cidr.split('/');
  const bytes = addressBytes(address ?? '');
  if (bytes === undefined || rest.length > 0 || mask === undefined || !/^\+?\d{1,9}$/.test(mask)) return undefined;
  const bits = Number(mask);
  if (bits >= bytes.length * 8) return undefined;
  const last = bytes.map((byte, index) => byte | (0xff >> Math.min(8, Math.max(0, bits - index * 8))));
  return { first: digits(bytes), last: digits(last) };
}

/** Tells whether the digits of an address lie in the range, compared as the engine compares them. */
export function inRange(address: string, { first, last }: AddressRange): boolean {
  let aboveFirst = false;
  let belowLast = false;
  for (let index = 0; index < first.length; index++) {
    const digit = address[index];
    const low = first[index] ?? '';
    const high = last[index] ?? '';
    if (digit === undefined) return false;
    if ((!aboveFirst && digit < low) || (!belowLast && digit > high)) return false;
    aboveFirst ||= digit > low;
    belowLast ||= digit < high;
    if (aboveFirst && belowLast) return true;
  }
  return true;
}

function addressBytes(text: string): number[] | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) {
    const octets = text.split('.').map(Number);
    return octets.every((octet) => octet <= 255) ? octets : undefined;
  }
  if (!/^[\da-fA-F:]*:[\da-fA-F:]*$/.test(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toByteArray() : address.toByteArray();
}

function digits(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

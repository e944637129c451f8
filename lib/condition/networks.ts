/**
 * Reads lists of addresses and networks, IPv4 and IPv6: `10.0.0.0/8, -10.1.0.0/16`. An IPv4-mapped IPv6 address
 * (`::ffff:0:0/96`, RFC 4291) is read as its IPv4 address, in lists and in events.
 */
import ipaddr from 'ipaddr.js';
import { badCondition } from './condition.ts';
import { term } from './index-terms.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = readonly [Address, number];

/** The form of a list, for people. */
export const NETWORKS_SYNTAX =
  'addresses and networks separated by commas; - or ! in front excludes: 10.0.0.0/8, -10.1.0.0/16';

const MAPPED_BITS = 96;

/** A parsed list. */
export type Networks = readonly { readonly excludes: boolean; readonly network: Network }[];

/**
 * Reads a list.
 *
 * @throws TokenwrightError `bad_condition` for a wrong entry or an empty list
 */
export function parseNetworks(value: string): Networks {
  const entries = value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.length === 0) throw badCondition('no address is given', value, NETWORKS_SYNTAX);
  return entries.map((entry) => {
    const excludes = /^[-!]/.test(entry);
    return { excludes, network: parseNetwork(excludes ? entry.slice(1).trim() : entry, value) };
  });
}

/**
 * Tells whether an including entry contains an address, and no excluding one does.
 *
 * @throws TokenwrightError `bad_condition` for a text that is not an address
 */
export function isInNetworks(text: string, networks: Networks): boolean {
  const address = parseEventAddress(text);
  if (!address) throw badCondition(`"${text}" is not an address`, text, 'an IPv4 or IPv6 address');
  const holding = networks.filter(({ network }) => isIn(address, network));
  return holding.length > 0 && holding.every(({ excludes }) => !excludes);
}

/** Returns the index terms of a list. Every address in the list has one of them. */
export function networkTerms(networks: Networks): readonly string[] {
  const including = networks.filter(({ excludes }) => !excludes);
  const terms = including.map(({ network: [address, bits] }) =>
    prefixTerm(address.kind(), address.toByteArray().slice(0, Math.floor(bits / 8))),
  );
  return [...new Set(terms)];
}

/**
 * Returns the index terms of an address: its prefixes of whole bytes. `undefined` for a text that is not an address.
 */
export function addressTerms(text: string): readonly string[] | undefined {
  const address = parseEventAddress(text);
  if (!address) return undefined;
  const bytes = address.toByteArray();
  return Array.from({ length: bytes.length + 1 }, (_, length) => prefixTerm(address.kind(), bytes.slice(0, length)));
}

function prefixTerm(kind: string, prefix: readonly number[]): string {
  return term(`${kind} ${prefix.join('.')}`);
}

/** Caches the last address: one event asks many definitions about it. */
let last: { readonly text: string; readonly address: Address | null } = { text: '', address: null };

function parseEventAddress(text: string): Address | null {
  if (text !== last.text) last = { text, address: parseAddress(text) };
  return last.address;
}

function parseNetwork(entry: string, value: string): Network {
  const [host = '', mask, ...more] = entry.split('/');
  // An interface (fe80::1%eth0) has a meaning on one machine only: an event may name it, a list may not.
  const address = host.includes('%') ? null : parseAddress(host);
  const bits = address && more.length === 0 ? parseMask(mask, address, host) : null;
  if (!address || bits === null)
    throw badCondition(`"${entry}" is neither an address nor a network`, value, NETWORKS_SYNTAX);
  return [address, bits];
}

/** Reads an IPv6 address, or an IPv4 address of four decimal parts. Shorter forms, such as `10`, are refused. */
function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return null;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** Reads a number of bits, or for IPv4 a net mask (`255.255.0.0`). Absent: all bits. */
function parseMask(mask: string | undefined, address: Address, host: string): number | null {
  const width = address.kind() === 'ipv4' ? 32 : 128;
  if (mask === undefined) return width;
  if (width === 32 && ipaddr.IPv4.isValidFourPartDecimal(mask)) {
    return ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask();
  }
  if (!/^[0-9]{1,3}$/.test(mask)) return null;
  const isMapped = width === 32 && host.includes(':');
  const bits = Number(mask) - (isMapped ? MAPPED_BITS : 0);
  return bits >= 0 && bits <= width ? bits : null;
}

function isIn(address: Address, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

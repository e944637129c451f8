/**
 * Reads PSKC, the XML in which token vendors deliver keys (RFC 6030): HOTP and TOTP keys, plain or encrypted, and the static
 * passwords of privacyIDEA's export. Elements that cannot be read are refused by name, and never ignored.
 */
import { TokenwrightError } from '../../lib/base/error.ts';
import { readStored, SECONDS } from '../../lib/text/stored-value.ts';
import { type ContainerKeys, containerKeys, openValue } from './pskc-crypto.ts';
import { periodOf } from './pskc-policy.ts';
import { badRow, DELIVERED, type Row, type Rows, toRow } from './row.ts';
import { type Element, find, isNamed, readElements, textOf } from './xml.ts';

type PskcType = 'hotp' | 'totp' | 'pw';

/** Reads the rows of a PSKC file. @param secret the pre-shared key as hex, or the password; undefined if none was given */
export function pskc(source: string, secret: string | undefined): Rows {
  return async function* rows() {
    const shared = sharedSerials(source);
    let encryptionKey: Element | undefined;
    let macMethod: Element | undefined;
    let keys: ContainerKeys | undefined;
    const others: string[] = [];
    let isEmpty = true;
    for (const element of elementsOf(source)) {
      if (isNamed(element, 'EncryptionKey')) encryptionKey = element;
      else if (isNamed(element, 'MACMethod')) macMethod = element;
      else if (isNamed(element, 'KeyPackage')) {
        isEmpty = false;
        yield rowOf(element, shared, () => (keys ??= containerKeys({ encryptionKey, macMethod }, secret)));
      } else others.push(element.name);
    }
    if (isEmpty) throw noKeyPackage(others);
  };
}

function* elementsOf(source: string): Generator<Element> {
  for (const { root, element } of readElements(source)) {
    if (!isNamed(root, 'KeyContainer')) throw new TokenwrightError('bad_file', `<${root.name}> is not PSKC`);
    yield element;
  }
}

function noKeyPackage(others: readonly string[]): TokenwrightError {
  const found = others.length === 0 ? 'nothing' : [...new Set(others)].map((name) => `<${name}>`).join(', ');
  return new TokenwrightError('bad_file', `contains no KeyPackage, but ${found}`, {
    allowed: 'PSKC of RFC 6030',
  });
}

/** Returns the serial numbers of devices that have several keys, such as the two slots of a YubiKey. */
function sharedSerials(source: string): ReadonlySet<string> {
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const element of elementsOf(source)) {
    const serial = textOf(element, 'DeviceInfo', 'SerialNo');
    if (serial === undefined) continue;
    if (seen.has(serial)) shared.add(serial);
    seen.add(serial);
  }
  return shared;
}

function rowOf(keyPackage: Element, shared: ReadonlySet<string>, keys: () => ContainerKeys): Row {
  const at = `line ${keyPackage.line}`;
  try {
    return toRow(at, tokenOf(keyPackage, shared, keys));
  } catch (error) {
    return badRow(at, error);
  }
}

function tokenOf(keyPackage: Element, shared: ReadonlySet<string>, keys: () => ContainerKeys) {
  const [key, second] = keyPackage.children.filter((child) => isNamed(child, 'Key'));
  if (!key || second) throw badToken('Key', key ? 'is given more than once' : 'is missing');
  const tokentype = typeOf(key.attributes.algorithm ?? '');
  const parameters = find(key, 'AlgorithmParameters');
  const format = find(parameters, 'ResponseFormat')?.attributes ?? {};
  const { encoding = 'DECIMAL', checkdigits = '', length = '6' } = format;
  if (encoding !== 'DECIMAL') throw badToken('ResponseFormat', `${encoding} codes are not supported`);
  if (/^(true|1)$/.test(checkdigits)) throw badToken('ResponseFormat', 'codes with a check digit are not supported');
  const data = find(key, 'Data');
  requireKnown(data);
  const period = periodOf(find(key, 'Policy'));
  return {
    serial: serialOf(keyPackage, key, shared),
    tokentype,
    otpkey: secretOf(data, keys).toString('hex'),
    otplen: Number(length),
    count: whole(data, 'Counter') ?? 0,
    description: textOf(keyPackage, 'DeviceInfo', 'Manufacturer') || DELIVERED.description,
    info: {
      ...DELIVERED.info,
      ...(tokentype === 'pw' ? {} : { hashlib: hashlib(find(parameters, 'Suite')) }),
      ...(tokentype === 'totp' ? clockOf(data, textOf(key, 'Issuer')) : {}),
      ...period,
    },
  };
}

/** Returns the serial number of the device, or the Id of the key if the device has several keys. */
function serialOf(keyPackage: Element, { attributes: { id = '' } }: Element, shared: ReadonlySet<string>): string {
  const serial = textOf(keyPackage, 'DeviceInfo', 'SerialNo') || id;
  return id !== '' && (shared.has(serial) || id.startsWith(`${serial}:`)) ? id : serial;
}

const KNOWN_DATA = ['Secret', 'Counter', 'Time', 'TimeInterval', 'TimeDrift'];

function requireKnown(data: Element | undefined): void {
  const unknown = data?.children.find((child) => !KNOWN_DATA.some((name) => isNamed(child, name)));
  if (unknown) throw badToken(`Data.${unknown.name}`, 'is not supported', KNOWN_DATA);
}

/** Reads time step and drift. PSKC counts the drift in time steps, tokeninfo and privacyIDEA's export in seconds. */
function clockOf(data: Element | undefined, issuer: string | undefined): Record<string, string> {
  if (issuer?.toLowerCase() === 'privacyidea') {
    const step = absentIfNone(plain(data, 'TimeInterval'));
    const drift = readStored({ TimeDrift: absentIfNone(plain(data, 'TimeDrift')) ?? '' }, 'TimeDrift', SECONDS);
    return { timeStep: step ?? '30', ...(drift ? { timeShift: String(drift) } : {}) };
  }
  const [step, drift] = [whole(data, 'TimeInterval') ?? 30, whole(data, 'TimeDrift') ?? 0];
  return { timeStep: String(step), ...(drift === 0 ? {} : { timeShift: String(drift * step) }) };
}

/** Treats `None` as absent: privacyIDEA's export writes it for a missing value. */
const absentIfNone = (text: string | undefined): string | undefined => (text === 'None' ? undefined : text);

/** Reads `totp` from `urn:ietf:params:xml:ns:keyprov:pskc:totp`. */
function typeOf(algorithm: string): PskcType {
  const [, type] = /[:#](hotp|totp|pw)$/i.exec(algorithm) ?? [];
  const found = (['hotp', 'totp', 'pw'] as const).find((one) => one === type?.toLowerCase());
  if (found) return found;
  throw new TokenwrightError('bad_token', `keys for ${algorithm || 'no algorithm'} are not supported`, {
    path: 'Key.Algorithm',
    given: algorithm,
    allowed: 'urn:ietf:params:xml:ns:keyprov:pskc:hotp, and :totp',
  });
}

function secretOf(data: Element | undefined, keys: () => ContainerKeys): Buffer {
  const secret = find(data, 'Secret');
  const value = textOf(secret, 'PlainValue');
  if (secret && find(secret, 'EncryptedValue')) return openValue(secret, keys());
  if (value && /^[A-Za-z0-9+/\s]+={0,2}$/.test(value)) return Buffer.from(value, 'base64');
  throw badToken('Secret', 'contains no readable key');
}

/** Returns the plain value of an element of Data; undefined if there is no such element. */
function plain(data: Element | undefined, name: string): string | undefined {
  const element = find(data, name);
  if (element === undefined) return undefined;
  const value = textOf(element, 'PlainValue');
  if (value) return value;
  throw badToken(name, find(element, 'EncryptedValue') ? 'is encrypted, which is not supported' : 'contains no value');
}

function whole(data: Element | undefined, name: string): number | undefined {
  const value = plain(data, name);
  if (value === undefined) return undefined;
  if (/^-?[0-9]{1,15}$/.test(value)) return Number(value);
  throw new TokenwrightError('bad_token', `"${value}" is not a whole number`, { path: name, given: value });
}

/** Reads the hash from the text of the Suite, or from the attribute that privacyIDEA writes; without a Suite it is SHA-1. */
function hashlib(suite: Element | undefined): string {
  if (!suite) return 'sha1';
  const said = [...new Set([suite.text.trim(), suite.attributes.hashalgo?.trim()].filter(Boolean))];
  const [, bits] = /(?:^|[^a-z0-9])sha-?(1|256|512)$/i.exec(said[0] ?? '') ?? [];
  if (bits && said.length === 1) return `sha${bits}`;
  const given = said.join(' ');
  throw new TokenwrightError('bad_token', `the suite "${given}" is not supported`, { path: 'Suite', given });
}

function badToken(path: string, message: string, allowed?: readonly string[]): TokenwrightError {
  return new TokenwrightError('bad_token', message, allowed ? { path, allowed } : { path });
}

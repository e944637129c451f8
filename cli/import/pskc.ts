/** PSKC, the XML in which token vendors deliver keys (RFC 6030): HOTP and TOTP, plain or encrypted. */
import { TokenwrightError } from '../../lib/base/error.ts';
import { type ContainerKeys, containerKeys, openValue } from './pskc-crypto.ts';
import { periodOf } from './pskc-policy.ts';
import { badRow, DELIVERED, type Row, type Rows, toRow } from './row.ts';
import { type Element, find, readElements, textOf } from './xml.ts';

/** @param secret the pre-shared key as hex, or the password; `undefined`: none was given */
export function pskc(source: string, secret: string | undefined): Rows {
  return async function* rows() {
    let encryptionKey: Element | undefined;
    let macMethod: Element | undefined;
    let keys: ContainerKeys | undefined;
    for (const { root, element } of readElements(source)) {
      if (root.name !== 'KeyContainer') throw new TokenwrightError('bad_file', `<${root.name}> is no PSKC`);
      if (element.name === 'EncryptionKey') encryptionKey = element;
      if (element.name === 'MACMethod') macMethod = element;
      if (element.name !== 'KeyPackage') continue;
      yield rowOf(element, () => (keys ??= containerKeys({ encryptionKey, macMethod }, secret)));
    }
  };
}

function rowOf(keyPackage: Element, keys: () => ContainerKeys): Row {
  const at = `line ${keyPackage.line}`;
  try {
    return toRow(at, tokenOf(keyPackage, keys));
  } catch (error) {
    return badRow(at, error);
  }
}

function tokenOf(keyPackage: Element, keys: () => ContainerKeys) {
  const key = find(keyPackage, 'Key');
  if (!key) throw new TokenwrightError('bad_token', 'holds no key', { path: 'Key' });
  const tokentype = typeOf(key.attributes.Algorithm ?? '');
  const parameters = find(key, 'AlgorithmParameters');
  const encoding = find(parameters, 'ResponseFormat')?.attributes.Encoding ?? 'DECIMAL';
  if (encoding !== 'DECIMAL') throw new TokenwrightError('bad_token', `${encoding} codes are not supported`);
  if (/^(true|1)$/.test(find(parameters, 'ResponseFormat')?.attributes.CheckDigits ?? '')) {
    throw new TokenwrightError('bad_token', 'codes with a check digit are not supported', { path: 'ResponseFormat' });
  }
  const data = find(key, 'Data');
  const period = periodOf(find(key, 'Policy'));
  return {
    serial: textOf(keyPackage, 'DeviceInfo', 'SerialNo') ?? key.attributes.Id ?? '',
    tokentype,
    otpkey: secretOf(data, keys).toString('hex'),
    otplen: Number(find(parameters, 'ResponseFormat')?.attributes.Length ?? 6),
    count: whole(data, 'Counter') ?? 0,
    description: textOf(keyPackage, 'DeviceInfo', 'Manufacturer') || DELIVERED.description,
    info: {
      ...DELIVERED.info,
      hashlib: hashlib(textOf(parameters, 'Suite')),
      ...(tokentype === 'totp' ? clockOf(data) : {}),
      ...period,
    },
  };
}

/** A drift is in time steps there, and in seconds in tokeninfo. */
function clockOf(data: Element | undefined): Record<string, string> {
  const [step, drift] = [whole(data, 'TimeInterval') ?? 30, whole(data, 'TimeDrift') ?? 0];
  return { timeStep: String(step), ...(drift === 0 ? {} : { timeShift: String(drift * step) }) };
}

/** `urn:ietf:params:xml:ns:keyprov:pskc:totp` -> `totp`. */
function typeOf(algorithm: string): 'hotp' | 'totp' {
  const [, type] = /[:#](hotp|totp)$/i.exec(algorithm) ?? [];
  if (type) return type.toLowerCase() === 'totp' ? 'totp' : 'hotp';
  throw new TokenwrightError('bad_token', `keys for ${algorithm || 'no algorithm'} are not supported`, {
    path: 'Key.Algorithm',
    given: algorithm,
    allowed: 'urn:ietf:params:xml:ns:keyprov:pskc:hotp, and :totp',
  });
}

function secretOf(data: Element | undefined, keys: () => ContainerKeys): Buffer {
  const secret = find(data, 'Secret');
  const plain = textOf(secret, 'PlainValue');
  if (secret && find(secret, 'EncryptedValue')) return openValue(secret, keys());
  if (plain && /^[A-Za-z0-9+/\s]+={0,2}$/.test(plain)) return Buffer.from(plain, 'base64');
  throw new TokenwrightError('bad_token', 'holds no key that can be read', { path: 'Secret' });
}

function whole(data: Element | undefined, name: string): number | undefined {
  const text = textOf(data, name, 'PlainValue');
  if (text === undefined) return undefined;
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw new TokenwrightError('bad_token', `"${text}" is no whole number`, { path: name, given: text });
}

function hashlib(suite: string | undefined): string {
  if (!suite) return 'sha1';
  const [, bits] = /sha-?(1|256|512)\b/i.exec(suite) ?? [];
  if (bits) return `sha${bits}`;
  throw new TokenwrightError('bad_token', `the suite ${suite} is not supported`, { path: 'Suite', given: suite });
}

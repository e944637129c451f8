/**
 * Reads the parameters of a request from its query, form or JSON body, and path. Values of query, form and path are
 * percent-decoded a second time, because FreeRADIUS and Java clients encode them twice.
 */
import * as z from 'zod/mini';
import { check } from '../schema/validate.ts';
import { badParameter } from './fault.ts';

/** A request before anything of it is read. */
export interface RawRequest {
  /** Unique for each request. */
  readonly id: string;
  readonly method: string;
  /** Without the query, not decoded. */
  readonly path: string;
  readonly query: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  readonly clientIp: string | null;
  /** The ARN that signed the request; `null` where the route does not require a signature. */
  readonly signedBy: string | null;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** By name: texts, and any value from JSON, where `null` counts as absent. */
export type RequestParameters = Readonly<Record<string, unknown>>;

/**
 * Reads all parameters. Where a name occurs twice, the path is taken, then JSON, then the query, then the form.
 *
 * @param inPath the open parts of the route, decoded once
 * @throws ApiFault 400 where the body is not what its content type says
 */
export async function readParameters(
  request: RawRequest,
  inPath: Readonly<Record<string, string>>,
): Promise<RequestParameters> {
  const again = isDecodedAgain(request.headers['user-agent']) ? decodeAgain : (text: string) => text;
  const texts = (pairs: Iterable<readonly [string, string]>) => firstOfEach(pairs, again);
  const body = await readBody(request);
  return {
    ...texts(body.form),
    ...texts(new URLSearchParams(request.query)),
    ...body.json,
    ...texts(Object.entries(inPath)),
  };
}

/** The products, as their User-Agents name them, that encode once. */
const DECODED_ONCE: readonly string[] = ['privacyidea-cp', 'privacyidea-ldap-proxy', 'simplesamlphp'];

function isDecodedAgain(userAgent = ''): boolean {
  const [product = ''] = /^[\w-]*/.exec(userAgent) ?? [];
  return !DECODED_ONCE.includes(product.toLowerCase());
}

/** Matches one character in UTF-8 (RFC 3629), percent-encoded. */
const ENCODED =
  /%[0-7][\da-f]|%[c-d][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-4](?:%[89ab][\da-f]){3}/gi;

/** Decodes percent-encoded UTF-8; keeps `+` and everything else. */
function decodeAgain(text: string): string {
  return text.replace(ENCODED, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

/** Decodes the values; of a name that occurs twice the first is taken. */
function firstOfEach(
  pairs: Iterable<readonly [string, string]>,
  decode: (text: string) => string,
): Record<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of pairs) if (!found.has(name)) found.set(name, decode(value));
  return Object.fromEntries(found);
}

interface Body {
  readonly form: Iterable<readonly [string, string]>;
  readonly json: RequestParameters;
}

async function readBody(request: RawRequest): Promise<Body> {
  const type = request.headers['content-type'] ?? '';
  const [media = ''] = type.toLowerCase().split(';');
  if (request.body.length === 0) return { form: [], json: {} };
  if (media.trim() === 'application/x-www-form-urlencoded') {
    return { form: new URLSearchParams(Buffer.from(request.body).toString()), json: {} };
  }
  if (media.trim() === 'multipart/form-data') return { form: await readMultipart(request.body, type), json: {} };
  return { form: [], json: readJson(request.body, media.trim() === 'application/json') };
}

/** Reads multipart (RFC 7578) with Node's own reader. Files are ignored. */
async function readMultipart(body: Uint8Array, type: string): Promise<[string, string][]> {
  try {
    const form = await new Response(Buffer.from(body), { headers: { 'content-type': type } }).formData();
    return [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : []));
  } catch {
    throw badParameter('The body is not multipart/form-data with the boundary that its content type names.');
  }
}

const JsonObject = z.record(z.string(), z.unknown());

/** Reads JSON also under another content type, which some clients name; a body that is not JSON is ignored there. */
function readJson(body: Uint8Array, isDeclared: boolean): RequestParameters {
  const read = check(JsonObject, parseJson(Buffer.from(body).toString()), 'bad_body');
  if (!read.ok && isDeclared) throw badParameter('The body is not a JSON object.');
  const entries = read.ok ? Object.entries(read.value) : [];
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

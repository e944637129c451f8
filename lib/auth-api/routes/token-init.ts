/**
 * `/token/init`: enrols a token with the code of the action "enroll", so that refusals, secrets and QR codes are the
 * same. A refused enrolment leaves nothing behind. `rollover` gives an existing token another secret.
 */

import type { CreationContext } from '../../action/action.ts';
import { enroll } from '../../action/actions/enroll.ts';
import { TokenwrightError } from '../../base/error.ts';
import type { User, UserIdentity } from '../../directory/user.ts';
import { AUTH_SOURCE } from '../../event/boundary.ts';
import type { ResponseDetail } from '../../event/outcome.ts';
import { eventKey, stepId } from '../../event/step-id.ts';
import { readFlag } from '../../schema/scalar.ts';
import { check } from '../../schema/validate.ts';
import { createToken } from '../../step/create-token.ts';
import type { CreationTools } from '../../step/step.ts';
import type { NewToken, TokenRecord } from '../../token/record.ts';
import { findTokenType } from '../../tokentype/catalogue.ts';
import { parameterNames } from '../../tokentype/parameters.ts';
import type { AnyTokenType } from '../../tokentype/token-type.ts';
import { changeToken, stampOf } from '../change-token.ts';
import { badParameter, missingParameter, noSuchUser, tokenFault, tokenLocked, unreadablePeriod } from '../fault.ts';
import { readNamedToken, type TokenLookup } from '../named-tokens.ts';
import { textOf } from '../parameter-values.ts';
import type { RequestParameters } from '../parameters.ts';
import type { ApiCall, Done, RouteHandler } from '../serve.ts';
import type { TokenChangeTools } from './token-changes.ts';

export interface TokenInitTools extends TokenLookup {
  readonly tokens: TokenLookup['tokens'] & TokenChangeTools['tokens'] & CreationTools['tokens'];
  readonly step: Omit<CreationTools, 'loadFacts'>;
}

const EVENT = 'token_init';
/** The serials that a call may choose. */
const SERIAL = /^[0-9a-zA-Z\-_]+$/;

export const initToken: RouteHandler<TokenInitTools> = async (call, tools) => {
  const { parameters } = call;
  const named = await tools.readUser(parameters);
  if (named && named.user === null) throw noSuchUser();
  const owner = named?.user ? identityOf(named.user) : null;
  const serial = textOf(parameters, 'serial');
  return {
    user: owner,
    ...(serial ? { serial } : {}),
    async perform() {
      if (serial && !SERIAL.test(serial)) throw badParameter(`Invalid serial number. Must comply to ${SERIAL.source}.`);
      return isRollover(parameters) ? rollOver(call, owner, tools) : enrol(call, owner, tools);
    },
  };
};

const identityOf = ({ login, realm, resolver, uid }: User): UserIdentity => ({ login, realm, resolver, uid });

function isRollover(parameters: RequestParameters): boolean {
  return readFlag(parameters['rollover']) === true && Boolean(textOf(parameters, 'serial'));
}

async function enrol(call: ApiCall, owner: UserIdentity | null, { step }: TokenInitTools): Promise<Done> {
  const options = readInit(call.parameters, owner);
  const { id, now, clientIp, userAgent } = call;
  const { outcome } = await createToken(
    {
      subject: {
        id: stepOf(id, owner),
        event: { id, name: EVENT, time: now },
        definition: null,
        action: enroll.name,
        serial: null,
      },
      action: enroll,
      options: { ok: true, value: options },
      clauses: [],
      stamp: stampOf(id, now),
      user: owner,
      client_ip: clientIp,
      user_agent: userAgent,
      about: [],
      container_serial: textOf(call.parameters, 'container_serial') || null,
      laterSteps: async () => [],
    },
    { ...step, loadFacts: () => Promise.reject(new Error('an enrolment by HTTP has no conditions')) },
  );
  const reason = outcome?.reason;
  if (reason) throw refusal({ ...reason, path: reason['path'] }, call.parameters);
  const detail = outcome?.response?.detail;
  if (!outcome?.serial || !detail) throw new Error('an enrolment ended without a token');
  return answer(outcome.serial, detail);
}

/** Gives an existing token another secret. PIN, owner and settings stay. */
async function rollOver(call: ApiCall, owner: UserIdentity | null, tools: TokenInitTools): Promise<Done> {
  const { parameters, id, now, clientIp, userAgent } = call;
  const record = await readNamedToken(parameters, tools);
  if (record.token.revoked) throw tokenLocked();
  const { serial } = record.token;
  const user = owner ?? record.token.user;
  const options = readInit({ type: record.token.tokentype, ...parameters }, user);
  const { timezone } = tools.step;
  const context: CreationContext = {
    ...{ now, timezone, client_ip: clientIp, user_agent: userAgent, user },
    about: [],
    container_serial: null,
  };
  const { token, response } = await enroll
    .create(serial, options, context, { ...tools.step.tools, stepId: stepOf(id, owner) })
    .catch((error: unknown) => {
      throw error instanceof TokenwrightError ? refusal(faultOf(error), parameters) : error;
    });
  const stamp = stampOf(id, now);
  await changeToken(record, (present) => withSecretOf(present, token, { otpkey: stamp }), {
    tokens: tools.tokens,
    pause: tools.step.pause,
  });
  return answer(serial, response);
}

/** Puts the secret and the type's settings of a new token into a record, and resets its counters. */
function withSecretOf(record: TokenRecord, made: NewToken, stamps: TokenRecord['stamps']): TokenRecord {
  const { otpkey = null, pinHash, tokentype, otplen = record.token.otplen, info = {} } = made;
  return {
    ...record,
    otpkey,
    pinHash: pinHash ?? record.pinHash,
    stamps: { ...record.stamps, ...stamps },
    token: { ...record.token, tokentype, otplen, count: 0, failcount: 0, info: { ...record.token.info, ...info } },
  };
}

/** Computes the id of the step that the secrets are derived from. @param id the request's */
function stepOf(id: string, user: UserIdentity | null): string {
  const key = eventKey({ source: AUTH_SOURCE, id, name: EVENT, position: 'post', user, serials: [] });
  return stepId(key, { action: enroll.name, options: {} }, null);
}

function answer(serial: string, response: ResponseDetail): Done {
  const { type: _, ...detail } = response;
  return { value: true, detail: { rollout_state: '', ...detail, serial }, serial };
}

/** Parameters that need a second call, or privacyIDEA's own app. */
const UNSUPPORTED = ['2stepinit', 'verify'] as const;

/** Reads the parameters as options of the action. @throws ApiFault 400 */
function readInit(parameters: RequestParameters, owner: UserIdentity | null) {
  const name = (textOf(parameters, 'type') || 'hotp').toLowerCase();
  const type = findTokenType(name);
  if (!type) throw tokenFault(1610, `Unknown token type '${name}'.`);
  for (const one of UNSUPPORTED) {
    if (readFlag(parameters[one] || false) !== false) throw badParameter(`Parameter '${one}' is not supported.`);
  }
  requireAddress(type, parameters);
  const known = parameterNames();
  // A key is generated unless `otpkey` has one: clients send `genkey` beside a key.
  const given = Object.entries(parameters).filter(([key]) => known.includes(key) && key !== 'genkey' && key !== 'type');
  const realm = textOf(parameters, 'tokenrealm');
  const options = check(
    enroll.options,
    {
      tokentype: name,
      ...(owner ? { user: true } : {}),
      ...(realm ? { realm: realm.toLowerCase() } : {}),
      ...(textOf(parameters, 'container_serial') ? { container: true } : {}),
      additional_params: Object.fromEntries(given),
    },
    'bad_option',
  );
  if (options.ok) return options.value;
  const [first] = options.errors;
  throw first ? refusal(faultOf(first), parameters) : badParameter('The parameters cannot be read.');
}

/** Requires the address that passwords are sent to, as privacyIDEA does. */
function requireAddress({ sentTo }: AnyTokenType, parameters: RequestParameters): void {
  if (sentTo === undefined || readFlag(parameters[`dynamic_${sentTo}`]) === true) return;
  if (!textOf(parameters, sentTo)) throw missingParameter(`'${sentTo}'`);
}

interface EnrolmentFault {
  readonly code: string;
  readonly message: string;
  readonly path?: unknown;
}

const faultOf = ({ code, message, details: { path } }: TokenwrightError): EnrolmentFault => ({ code, message, path });

/** Words a refusal of the enrolment as privacyIDEA does, if it has such a refusal. */
function refusal(error: EnrolmentFault, parameters: RequestParameters) {
  const name = typeof error.path === 'string' ? (error.path.split('.').at(-1) ?? '') : '';
  const given = parameters[name];
  if (name === 'otpkeyformat') return badParameter(`Unknown OTP key format: '${String(given)}'`);
  if (name === 'otpkey' && parameters['otpkeyformat'] === 'base32check') {
    return badParameter('Malformed base32check data: Incorrect checksum');
  }
  if (name.startsWith('validity_period_')) return unreadablePeriod(name);
  if (name !== '' && (given === undefined || given === '')) return missingParameter(`'${name}'`);
  if (error.code === 'token_exists') return badParameter(`Parameter 'serial': ${error.message}`);
  return badParameter(name === '' ? error.message : `Parameter '${name}': ${error.message}`);
}

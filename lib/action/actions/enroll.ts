/** Manual 8.6.2.1.6, "enroll": creates a new token, and announces once what its owner needs to use it. */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import type { UserIdentity } from '../../directory/user.ts';
import type { ResponseDetail } from '../../event/outcome.ts';
import { flagOption, textOption } from '../../schema/option.ts';
import { Refusal, transformWith } from '../../schema/validate.ts';
import { isoTimeIn, resolveMoment } from '../../text/date.ts';
import { parseFlatMap } from '../../text/flat-map.ts';
import { cutDescription } from '../../text/tags.ts';
import type { NewToken } from '../../token/record.ts';
import { tokenTypes } from '../../tokentype/catalogue.ts';
import type { AnyTokenType, Naming, NewSecret, SecretSource } from '../../tokentype/token-type.ts';
import { type ActionTools, type CreationContext, defineCreatingAction } from '../action.ts';
import { type Enrolment, type EnrolOptions, readEnrolment } from '../enrolment.ts';
import { browserNamesFor, fillIn } from '../options.ts';

const names = tokenTypes.map(({ name }) => name).join(', ');
const additionalParams = z.pipe(
  z.union([z.string(), z.record(z.string(), z.unknown())]),
  transformWith((given: string | Record<string, unknown>) => (typeof given === 'string' ? parseFlatMap(given) : given)),
);

const options = z
  .strictObject({
    tokentype: textOption(`The type of the new token: ${names}.`),
    user: z.optional(
      flagOption(
        "Whether the token is assigned to the event's user or, without one, to the owner of the event's token.",
      ),
    ),
    realm: z.optional(textOption("A realm of the token, in addition to its owner's.")),
    dynamic_phone: z.optional(flagOption('sms: whether the phone number is read from the directory at each login.')),
    dynamic_email: z.optional(flagOption('email: whether the address is read from the directory at each login.')),
    sms_identifier: z.optional(textOption("sms: the SMS gateway; absent: the system's default.")),
    smtp_identifier: z.optional(textOption("email: the SMTP server; absent: the system's default.")),
    motppin: z.optional(textOption('motp: the PIN that the owner types into the app.')),
    additional_params: z.optional(
      additionalParams.check(
        z.describe('Parameters of a /token/init request, as JSON, YAML or an object; they override the other options.'),
      ),
    ),
    container: z.optional(
      flagOption(
        "Whether the token is put into the container that the request names or, without one, into that of the event's token.",
      ),
    ),
  })
  .check((payload) => {
    const result = readEnrolment(payload.value as EnrolOptions);
    for (const error of result.ok ? [] : result.errors) {
      payload.issues.push({ code: 'custom', message: error.message, params: { error }, input: undefined, path: [] });
    }
  });
type Options = z.output<typeof options>;

export const enroll = defineCreatingAction<Options>({
  name: 'enroll',
  description: 'Creates a new token, once per event, and announces what its owner needs to use it.',
  example: { tokentype: 'hotp' },
  positions: ['pre', 'post'],
  options,
  naming(given) {
    const { type, common } = enrolmentOf(given);
    return common.serial === undefined ? { prefix: common.prefix ?? type.prefix } : { serial: common.serial };
  },
  async create(serial, given, context, tools) {
    const enrolment = enrolmentOf(given);
    const owner = given.user ? context.user : null;
    if (given.user && !owner) throw missingUser();
    const own = await withAddress(enrolment, owner, tools);
    const realms = await realmsOf(given, owner, tools);
    if (given.container) await containerOf(context, tools);
    const made = await enrolment.type.make(own, sourceOf(tools));
    const token = await tokenOf(serial, enrolment, made, context, tools);
    return {
      token: { ...token, user: owner, realms },
      response: announce(enrolment.type, made, { serial, issuer: tools.issuer }),
    };
  },
  async recall(serial, given, tools) {
    const { type, own } = enrolmentOf(given);
    return announce(type, await type.make(own, sourceOf(tools)), { serial, issuer: tools.issuer });
  },
  async settle(serial, given, context, tools) {
    const container = given.container ? await containerOf(context, tools) : null;
    if (container !== null) await tools.putIntoContainer(serial, container);
  },
});

function enrolmentOf(given: Options): Enrolment {
  const read = readEnrolment(given);
  if (read.ok) return read.value;
  throw read.errors[0] ?? new Refusal([]);
}

function sourceOf({ secrets, stepId }: ActionTools): SecretSource {
  return {
    bytes: (purpose, length) => secrets.bytes(stepId, purpose, length),
    text: (purpose, alphabet, length) => secrets.text(stepId, purpose, alphabet, length),
  };
}

function announce(type: AnyTokenType, made: NewSecret, naming: Naming): ResponseDetail {
  return { serial: naming.serial, type: type.name, ...type.announce(made, naming) };
}

function missingUser(): TokenwrightError {
  return new TokenwrightError('missing_user', 'the event has no user to assign the token to');
}

/** The attributes of users that hold addresses, and the errors where a user has none. */
const ADDRESSES = {
  phone: { attribute: 'mobile', what: 'mobile number', missing: 'missing_phone' },
  email: { attribute: 'email', what: 'e-mail address', missing: 'missing_email' },
} as const;

/** Adds the address that one-time passwords are sent to, unless a parameter has it or each login looks it up. */
async function withAddress(
  { type, own }: Enrolment,
  owner: UserIdentity | null,
  { directory }: ActionTools,
): Promise<Enrolment['own']> {
  const { sentTo } = type;
  if (sentTo === undefined || own[sentTo] !== undefined || own[`dynamic_${sentTo}`] === true) return own;
  if (!owner) throw missingUser();
  const { attribute, what, missing } = ADDRESSES[sentTo];
  const address = (await directory.ownerEntry(owner))?.attributes[attribute];
  if (address) return { ...own, [sentTo]: address };
  throw new TokenwrightError(missing, `the user has no ${what}, which a token of type ${type.name} needs`);
}

async function realmsOf(
  { realm }: Options,
  owner: UserIdentity | null,
  { directory }: ActionTools,
): Promise<readonly string[]> {
  const known = realm === undefined ? [] : Object.keys(await directory.realms());
  if (realm !== undefined && !known.includes(realm)) {
    throw new TokenwrightError('unknown_realm', `there is no realm "${realm}"`, { given: realm, allowed: known });
  }
  const realms = [...(owner ? [owner.realm] : []), ...(realm === undefined ? [] : [realm])];
  return [...new Set(realms)].sort();
}

/** @throws TokenwrightError `unknown_container` if the container that the request names does not exist */
async function containerOf(
  { container_serial, about }: CreationContext,
  { directory }: ActionTools,
): Promise<string | null> {
  if (container_serial === null) {
    const [serial] = about;
    return about.length === 1 && serial ? ((await directory.containerOfToken(serial))?.serial ?? null) : null;
  }
  if (await directory.container(container_serial)) return container_serial;
  const details = { given: container_serial };
  throw new TokenwrightError('unknown_container', `there is no container ${container_serial}`, details);
}

async function tokenOf(
  serial: string,
  { type, common }: Enrolment,
  made: NewSecret,
  context: CreationContext,
  tools: ActionTools,
): Promise<NewToken> {
  const { pin, description, rollout_state, tokenkind, validity_period_start, validity_period_end } = common;
  const info = {
    tokenkind: tokenkind ?? type.tokenkind,
    creation_date: isoTimeIn(context.now, context.timezone),
    ...made.info,
    ...(validity_period_start && { validity_period_start: resolveMoment(validity_period_start, context).text }),
    ...(validity_period_end && { validity_period_end: resolveMoment(validity_period_end, context).text }),
  };
  return {
    serial,
    tokentype: type.name,
    otplen: made.otplen,
    info,
    ...(description && {
      description: cutDescription(fillIn(description, context, await browserNamesFor(description))),
    }),
    ...(rollout_state === undefined ? {} : { rollout_state }),
    otpkey: made.secret && (await tools.box.seal(made.secret, { purpose: 'otpkey', serial })),
    pinHash: pin === undefined ? null : await tools.hashPin(pin),
  };
}

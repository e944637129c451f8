/**
 * The parameters of a deployment, `--param="name=value"`, and what each may be. They are checked while serverless.yml
 * is read, before anything is packaged or created.
 */
import * as z from 'zod/mini';
import { didYouMean } from '../lib/schema/closest.ts';
import { isTimezone } from '../lib/text/zone.ts';

/** The numbers of days that CloudWatch Logs accepts. */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922];
/** The name of a stage is part of the name of each role, which IAM limits to 64 characters. */
const STAGE = /^[a-z][a-z0-9-]{0,17}$/;

const matching = (pattern: RegExp, allowed: string) => z.string().check(z.regex(pattern, `must be ${allowed}`));
const optional = (pattern: RegExp, allowed: string) => matching(new RegExp(`^$|${pattern.source}`), allowed);
const busName = matching(/^[\w.-]{1,256}$/, 'a name of letters, digits, ".", "_" and "-"');
const tableName = optional(/^[\w.-]{3,255}$/, 'the name of a table of this account and region');

const yesOrNo = z.pipe(
  z.string().check(z.refine((value) => value === 'true' || value === 'false', 'must be "true" or "false"')),
  z.transform((value) => value === 'true'),
);

const isWhole = (value: string, least: number, most: number) =>
  /^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most;

const wholeNumber = (least: number, most: number) =>
  z.pipe(
    z
      .string()
      .check(z.refine((value) => isWhole(value, least, most), `must be a whole number from ${least} to ${most}`)),
    z.transform(Number),
  );

/** Reads a whole number; an empty text is undefined. */
const optionalNumber = (least: number, most: number) =>
  z.pipe(
    z
      .string()
      .check(
        z.refine(
          (value) => value === '' || isWhole(value, least, most),
          `must be a whole number from ${least} to ${most}`,
        ),
      ),
    z.transform((value) => (value === '' ? undefined : Number(value))),
  );

/**
 * Reads ARNs of roles or users, separated by commas. The ARN of the account is refused: it would mean everybody in it.
 */
const principals = z.pipe(
  optional(
    /^arn:aws[\w-]*:iam::\d{12}:(role|user)\/[\w+=.@/-]+(,arn:aws[\w-]*:iam::\d{12}:(role|user)\/[\w+=.@/-]+)*$/,
    'ARNs of IAM roles or users, separated by commas, such as arn:aws:iam::111122223333:role/Operators',
  ),
  z.transform((value) => value.split(',').filter((arn) => arn !== '')),
);

const timezone = z.string().check(
  z.superRefine((value, context) => {
    if (isTimezone(value)) return;
    const near = didYouMean(value, Intl.supportedValuesOf('timeZone'));
    context.addIssue({ code: 'custom', message: `must be an IANA time zone, such as UTC or Europe/Berlin${near}` });
  }),
);

const StackParameters = z.object({
  region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, such as eu-central-1'),
  timezone,
  issuer: matching(/^[^:]{1,64}$/, 'a name of at most 64 characters without ":"'),
  busName,
  resultsBusName: busName,
  preRepeatMinutes: wholeNumber(0, 1440),
  validateAccess: z.enum(['key', 'open'], 'must be "key" or "open"'),
  mailFrom: optional(/^[^\s@]+@[^\s@]+$/, 'a mail address'),
  smsOrigination: optional(/^[\w+:/-]{1,256}$/, 'a phone number, a sender id, a pool, or the ARN of one'),
  resultsBusKey: yesOrNo,
  deletionProtection: yesOrNo,
  redriverArns: principals,
  administratorArns: principals,
  permissionsBoundaryArn: optional(/^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/.+$/, 'the ARN of an IAM policy'),
  alarmTopicArn: optional(/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/, 'the ARN of an SNS topic'),
  dashboard: yesOrNo,
  tracing: yesOrNo,
  memorySize: wholeNumber(128, 10_240),
  timeout: wholeNumber(15, 29),
  logRetentionDays: z.pipe(
    z
      .string()
      .check(
        z.refine((value) => RETENTION_DAYS.includes(Number(value)), `must be one of ${RETENTION_DAYS.join(', ')}`),
      ),
    z.transform(Number),
  ),
  apiRateLimit: wholeNumber(1, 10_000),
  apiBurstLimit: wholeNumber(1, 5000),
  dispatchConcurrency: optionalNumber(1, 10_000),
  actionConcurrency: optionalNumber(1, 10_000),
  tokensTable: tableName,
  definitionsTable: tableName,
  directoryTable: tableName,
  secretKeysTable: tableName,
});
export type StackParameters = z.output<typeof StackParameters>;
export const PARAMETER_NAMES = Object.keys(StackParameters.shape);

/**
 * Checks and reads the parameters of a deployment.
 *
 * @param given the text of every parameter, with defaults
 * @param named the names on the command line
 * @returns the parameters, or one sentence that names the wrong one, its value and what is allowed
 */
export function readParameters(
  given: Readonly<Record<string, unknown>>,
  named: readonly string[],
  stage: string,
): StackParameters | string {
  if (!STAGE.test(stage)) {
    return `stage "${stage}": must be at most 18 small letters, digits and "-", beginning with a letter`;
  }
  const unknown = named.find((name) => !PARAMETER_NAMES.includes(name));
  if (unknown !== undefined) {
    const near = didYouMean(unknown, PARAMETER_NAMES) || `; there are ${PARAMETER_NAMES.join(', ')}`;
    return `there is no parameter "${unknown}"${near}`;
  }
  const read = StackParameters.safeParse(given);
  if (!read.success) {
    const [{ path, message } = { path: [''], message: '' }] = read.error.issues;
    return `parameter ${String(path[0])}="${String(given[String(path[0])])}": ${message}`;
  }
  const { region, resultsBusKey, busName: bus, resultsBusName } = read.data;
  if (bus === resultsBusName) return `parameter resultsBusName="${bus}": must not be the name of the other bus`;
  if (region.startsWith('us-gov-') && resultsBusKey) {
    return `region ${region}: event buses of this region support neither a key nor a dead-letter queue; deploy with --param="resultsBusKey=false": outcomes on the bus are then encrypted with a key of EventBridge`;
  }
  return read.data;
}

/**
 * Describes the functions that answer privacyIDEA's API. `/auth` and `/validate/*` are open routes, because existing
 * clients sign nothing: the functions check API keys and tokens themselves. Under `/iam` the same calls must be signed.
 */
import type { Lambda } from './lambda.ts';
import { accountArn, allow, arn, type Intrinsic, onKeys, type Statement, secretsKey } from './permissions.ts';

const METHOD = 'ANY';

/** Makes the routes of the paths: open, with an API key in the path, and signed. */
const routesOf = (...paths: string[]) => [
  ...paths.flatMap((path) => [
    { method: METHOD, path },
    { method: METHOD, path: `/k/{key}${path}` },
  ]),
  ...paths.map((path) => ({ method: METHOD, path: `/iam${path}`, authorizer: { type: 'aws_iam' } })),
];

/** Sends one-time passwords by e-mail and text message, from any sender of this account. */
const sendPasswords = [
  allow('ses', ['SendEmail'], [accountArn('ses', 'identity/*'), accountArn('ses', 'configuration-set/*')]),
  allow('sms-voice', ['SendTextMessage'], [accountArn('sms-voice', '*')]),
];

/**
 * Describes both functions.
 *
 * @param preDefinitions the permissions of the function of `/pre`: the front door runs `pre` definitions as well
 * @param derivationKey the variable that names the derivation key
 */
export function frontDoorFunctions(
  preDefinitions: readonly Statement[],
  derivationKey: Record<string, Intrinsic>,
): readonly Lambda[] {
  const common = [
    ...preDefinitions,
    allow('events', ['PutEvents'], [arn('Bus')]),
    allow('sqs', ['SendMessage'], [arn('DispatchDeadLetters')]),
    // Failed attempts, by address, and by names that belong to no user, such as those of administrators.
    onKeys('attempts#', allow('dynamodb', ['UpdateItem'], [arn('DirectoryTable')])),
  ];
  const environment = {
    ...derivationKey,
    ...secretsKey,
    DEAD_LETTER_QUEUE_URL: { Ref: 'DispatchDeadLetters' },
    VALIDATE_ACCESS: '${param:validateAccess}',
  };
  return [
    {
      name: 'validate',
      handler: 'functions/http/validate.handler',
      raisesAuthEvents: true,
      description: 'Front door: checks logins and raises their events',
      routes: routesOf('/validate/{proxy+}'),
      permissions: [
        ...common,
        // Failed attempts of a user.
        onKeys('login#', allow('dynamodb', ['UpdateItem'], [arn('DirectoryTable')])),
        allow('dynamodb', ['BatchGetItem'], [arn('TokensTable'), arn('DirectoryTable')]),
        onKeys('challenges#', allow('dynamodb', ['PutItem', 'UpdateItem', 'DeleteItem'], [arn('DirectoryTable')])),
        ...sendPasswords,
      ],
      environment: {
        ...environment,
        MAIL_FROM: '${param:mailFrom}',
        SMS_ORIGINATION: '${param:smsOrigination}',
      },
    },
    {
      name: 'administration',
      handler: 'functions/http/administration.handler',
      raisesAuthEvents: true,
      description: 'Front door: administrators log in, enrol and look after tokens',
      routes: routesOf('/auth', '/auth/', '/token', '/token/', '/token/{proxy+}'),
      // A list of tokens that names no user reads all of them.
      permissions: [...common, allow('dynamodb', ['Scan'], [arn('TokensTable')])],
      environment,
    },
  ];
}

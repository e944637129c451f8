/**
 * The register of codes: every code of an error, of an outcome's reason and of a warning, once. The compiler checks
 * each use against it, and `npm run reference` writes docs/reference/codes.md from it.
 *
 * To add a code, add a line here. Functions import the types only, so that no bundle carries the descriptions.
 */

/** The places where a code can occur, and the field of each. */
export const places = {
  event: 'an auth event that is refused: `ERROR_CODE` of its dead letter, or the answer of `POST /pre`',
  failed: '`reason.code` of an outcome whose status is `failed`',
  skipped: '`reason.code` of an outcome whose status is `skipped`',
  explanation: '`reason.code` of a step in what `definitions explain` and `POST /explain` answer',
  definition: 'a definition that is refused when it is checked, planned or saved',
  warning: 'a warning about a definition that can be saved',
  http: 'the HTTP API: `errors[].code` of problem details (RFC 9457)',
  cli: 'the command line: `errors[].code` with `--json`',
  verify: 'the reason with which `tokens verify` refuses a password',
  function: 'the log and the dead letters of a function',
  local: 'the local stack only',
} as const;

export type CodePlace = keyof typeof places;

interface CodeEntry {
  /** What the code means, in one line. */
  readonly means: string;
  readonly at: readonly CodePlace[];
  /** The same input may succeed later without any change. */
  readonly retryable?: true;
}

/** Every code, in alphabetical order. */
export const codes = {
  aborted: {
    means: 'An earlier step of the event failed, and its definition says `abort_on_error`.',
    at: ['explanation'],
  },
  account_exists: { means: 'An administrator with this name already exists.', at: ['cli'] },
  always_fails: { means: 'The options make every step of the definition fail.', at: ['warning'] },
  ambiguous_name: {
    means: 'A definition is named without its id, and several have that name.',
    at: ['definition', 'cli'],
  },
  auth_count_exceeded: { means: 'The token was used as often as its limit allows.', at: ['verify'] },
  aws_error: { means: 'AWS refused a call; the message is that of AWS.', at: ['cli'] },
  bad_body: {
    means: 'The body of a call is not JSON, or does not have the form that the call requires.',
    at: ['http'],
  },
  bad_ciphertext: {
    means: 'The local KMS cannot decrypt a ciphertext with this key and encryption context.',
    at: ['local'],
  },
  bad_condition: {
    means: 'A condition is unknown, or its value is not one that the condition accepts.',
    at: ['definition'],
  },
  bad_cursor: { means: 'The cursor does not come from an answer to the same call.', at: ['http'] },
  bad_date: { means: 'A text is not a date or time offset in an accepted form.', at: ['definition', 'failed'] },
  bad_definition: {
    means: 'A field of a definition is missing, unknown or has a wrong value.',
    at: ['definition', 'failed', 'http'],
  },
  bad_environment: { means: 'An environment variable of a function is missing or wrong.', at: ['function', 'cli'] },
  bad_event: { means: 'The input is not an auth event.', at: ['event', 'http', 'cli'] },
  bad_faults: { means: 'The specification given with `--faults` is wrong.', at: ['cli'] },
  bad_file: { means: 'A file does not exist, cannot be read, or is not in the expected format.', at: ['cli'] },
  bad_item: {
    means: 'An item of a table has a form that is not that of Tokenwright, and cannot be read.',
    at: ['function', 'cli'],
  },
  bad_key: { means: 'A file of tokens is encrypted, and the given key does not decrypt it.', at: ['cli'] },
  bad_letter: { means: 'A message in a dead-letter queue has no known form.', at: ['cli'] },
  bad_option: {
    means: 'An option of an action is missing, unknown or has a wrong value.',
    at: ['definition', 'failed', 'cli'],
  },
  bad_outcome: { means: 'An event on the results bus is not an outcome.', at: ['function'] },
  bad_path: { means: 'A part of the path of a call is wrong.', at: ['http'] },
  bad_pattern: { means: 'The local bus does not accept an event pattern.', at: ['local'] },
  bad_period: { means: 'A validity period starts after its end.', at: ['failed'] },
  bad_query: { means: 'A query parameter of a call is missing, unknown or has a wrong value.', at: ['http'] },
  bad_scenario: { means: 'A field of a scenario is unknown or has a wrong value.', at: ['cli'] },
  bad_secret: {
    means: 'A stored secret cannot be decrypted: its key is missing, or it was changed.',
    at: ['function', 'cli'],
  },
  bad_settings: { means: 'A setting of the front door is unknown or has a wrong value.', at: ['cli'] },
  bad_stack: {
    means: 'The deployed stack does not have an output that is needed: it was deployed by another version.',
    at: ['cli'],
  },
  bad_step: { means: 'The input of a step function is not a step, or is a step of another action.', at: ['function'] },
  bad_tag: {
    means: 'A tag in a text is unknown, or refers to a time outside the range of dates.',
    at: ['definition', 'failed'],
  },
  bad_time: {
    means: 'The event says that it occurred more than five minutes after it arrived.',
    at: ['failed'],
  },
  bad_token: { means: 'A token to be imported is not accepted.', at: ['cli'] },
  bad_wiring: { means: 'The local stack cannot read serverless.yml.', at: ['local'] },
  blank_in_list: {
    means: 'A value in a list begins or ends with a space; the space is part of the comparison.',
    at: ['warning'],
  },
  bulk: {
    means: 'The definition acts on every token of a state; its conditions are evaluated for each token.',
    at: ['explanation'],
  },
  bulk_running: {
    means: 'An earlier run of the definition over all its tokens is not finished.',
    at: ['skipped'],
    retryable: true,
  },
  condition: {
    means: 'A condition does not hold (`condition`, `wanted`, `saw`), or cannot be evaluated.',
    at: ['skipped', 'explanation'],
  },
  definition_exists: {
    means: 'The id belongs to a definition with another name; with `--replace` the new one replaces it.',
    at: ['cli'],
  },
  definitions_changed: { means: 'Somebody else changed the definitions since they were read.', at: ['http', 'cli'] },
  disabled: { means: 'The token is disabled.', at: ['verify'] },
  done_before: {
    means: 'The step is in the ledger of the token: it is announced again and not done again.',
    at: ['explanation'],
  },
  inactive: { means: 'The definition is not active.', at: ['explanation'] },
  killed: { means: 'An injected fault killed the function.', at: ['local'], retryable: true },
  later_step_done: {
    means: 'A later step of the event was done, so this step is not decided again.',
    at: ['explanation'],
  },
  locked: { means: 'The failcounter has reached its maximum.', at: ['verify'] },
  masked_secret: {
    means: 'A value is the mask of a secret, and there is no stored secret for it.',
    at: ['definition', 'http', 'cli'],
  },
  missing_email: { means: 'The user has no e-mail address, which the token type needs.', at: ['failed'] },
  missing_phone: { means: 'The user has no mobile number, which the token type needs.', at: ['failed'] },
  missing_user: { means: 'The event is about no user to whom the token could belong.', at: ['failed'] },
  never_acts: { means: 'The conditions contradict each other, or one of them can never hold.', at: ['warning'] },
  never_known: { means: 'The fact that a condition needs can never be known at that event.', at: ['warning'] },
  no_address: { means: 'A token has no address to which its password can be sent.', at: ['function'] },
  no_answer: { means: 'The answer does not come from a front door.', at: ['cli'] },
  no_condition: {
    means: 'The definition does something final, or acts on many tokens, without any condition.',
    at: ['warning'],
  },
  no_longer_valid: { means: 'The validity period of the token has ended.', at: ['verify'] },
  no_module: { means: 'A handler that serverless.yml names does not exist.', at: ['local'] },
  no_region: { means: 'No AWS region is set.', at: ['cli'] },
  no_secret: { means: 'The token has no secret with which a password can be verified.', at: ['cli'] },
  no_sender: { means: 'No sender address for e-mails is configured.', at: ['function'] },
  no_stack: { means: 'No local stack is running in this folder.', at: ['cli'] },
  no_such_key: { means: 'The local KMS has no key with this name.', at: ['local'] },
  no_token: { means: 'The event is about no token, or its user has several tokens.', at: ['skipped'] },
  not_a_number: { means: 'A tokeninfo value to be increased is not an integer.', at: ['failed'] },
  not_answered: { means: 'A question was not answered, so nothing was done.', at: ['cli'] },
  not_put: { means: 'The bus refused an event repeatedly; the other events were put.', at: ['cli'] },
  not_sent: { means: 'The service for text messages or e-mails refused a message.', at: ['function'] },
  not_targeted: { means: 'The token is no longer in the state that the definition is for.', at: ['skipped'] },
  not_yet_enrolled: { means: 'The enrolment of the token is not finished.', at: ['verify'] },
  not_yet_valid: { means: 'The validity period of the token has not begun.', at: ['verify'] },
  number_too_large: { means: 'A counter would become too large to be stored exactly.', at: ['failed'] },
  other_position: { means: 'The definition acts at the other position.', at: ['explanation'] },
  other_token: { means: 'The event is not about this token.', at: ['explanation'] },
  port_in_use: { means: 'A port is used by another process.', at: ['local', 'cli'] },
  revoked: { means: 'The token is revoked.', at: ['verify'] },
  same_attribute: { means: 'Two definitions set the same attribute at the same event.', at: ['warning'] },
  settings_changed: { means: 'Somebody else changed the settings since they were read.', at: ['cli'] },
  slip_too_large: { means: 'The data of the event that its steps need exceeds 64 KB.', at: ['failed'] },
  stack_running: { means: 'A local stack is already running in this folder or with this data.', at: ['cli', 'local'] },
  superseded: { means: 'A younger event has already set the same attribute.', at: ['skipped'] },
  system_error: {
    means: 'The operating system refused a call, for example because of a full disk or missing permissions.',
    at: ['cli'],
  },
  timed_out: { means: 'A function did not answer in time.', at: ['local'], retryable: true },
  token_exists: { means: 'A token with this serial already exists.', at: ['failed', 'cli'] },
  token_revoked: { means: 'The token is revoked, which is final.', at: ['failed'] },
  token_too_large: { means: 'The token would exceed 400 KB, the limit of an item.', at: ['failed'] },
  too_old: {
    means: 'The event is older than the entries of the ledger, so it is not known whether it was applied.',
    at: ['failed'],
  },
  unexpected: {
    means: 'An error that was not expected; please report it. The log contains its stack trace.',
    at: ['cli'],
  },
  unknown_account: { means: 'There is no administrator or API key with this name.', at: ['cli'] },
  unknown_action: { means: 'There is no action with this name.', at: ['definition', 'cli'] },
  unknown_container: { means: 'There is no container with this serial.', at: ['failed'] },
  unknown_definition: { means: 'There is no definition with this id or name.', at: ['http', 'cli'] },
  unknown_event: { means: 'privacyIDEA has no event of this name.', at: ['warning'] },
  unknown_realm: { means: 'There is no realm with this name.', at: ['failed', 'warning'] },
  unknown_resolver: { means: 'No realm of the stack has a resolver with this name.', at: ['warning'] },
  unknown_route: { means: 'There is no call with this path.', at: ['http'] },
  unknown_stage: { means: 'The account and region have no stack of this stage.', at: ['cli'] },
  unknown_token: { means: 'There is no token with this serial.', at: ['failed', 'http', 'cli'] },
  unknown_tokengroup: { means: 'There is no token group with this name.', at: ['failed', 'warning'] },
  unknown_tokentype: { means: 'Tokenwright has no token type with this name.', at: ['cli', 'warning'] },
  unknown_user: { means: 'There is no such user in the directory.', at: ['http', 'cli'] },
  unknown_version: { means: 'The definition has no version with this number.', at: ['http', 'cli'] },
  unreachable: {
    means: 'The stack, its database or AWS does not answer, or refuses the caller.',
    at: ['cli'],
    retryable: true,
  },
  unreadable_value: {
    means: 'A stored value cannot be read; the path names it.',
    at: ['verify', 'cli', 'failed'],
  },
  unsealed_secret: { means: 'An option is secret, and it cannot be encrypted here.', at: ['definition', 'cli'] },
  weak_secret: { means: 'A secret that the definition contains or makes can be guessed.', at: ['warning'] },
  wrong_password: { means: 'The token does not accept the password, or does not accept it any more.', at: ['verify'] },
  wrong_pin: { means: 'The part in front of the one-time password is not the PIN.', at: ['verify'] },
} as const satisfies Readonly<Record<string, CodeEntry>>;

export type Code = keyof typeof codes;

/** The codes that can occur at any of the places. */
export type CodeAt<P extends CodePlace> = {
  [C in Code]: Extract<P, (typeof codes)[C]['at'][number]> extends never ? never : C;
}[Code];

/** The codes of a `TokenwrightError`. */
export type ErrorCode = CodeAt<Exclude<CodePlace, 'skipped' | 'explanation' | 'warning' | 'verify'>>;

/** The codes of an outcome's reason. A step fails with the error that its action throws. */
export type ReasonCode = CodeAt<'skipped'> | ErrorCode;

/** Lists the codes that can occur at any of the places, in alphabetical order. */
export function codesAt<P extends CodePlace>(...places: readonly P[]): CodeAt<P>[] {
  const isAt = (code: Code): code is CodeAt<P> =>
    places.some((place) => (codes[code].at as readonly CodePlace[]).includes(place));
  return (Object.keys(codes) as Code[]).filter(isAt);
}

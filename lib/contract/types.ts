// Made from the schemas by "npm run reference".

/** What an authentication system puts on the bus. */
export interface AuthEvent {
  /** The id that the bus gives the event. It is used if `detail.id` is absent. */
  id?: string;
  /** The sender: any name but `tokenwright`, always the same for one system. */
  source: string;
  /** What happened, as privacyIDEA names it (`token_init`, `validate_check`, ...) or by a name of your own. Definitions name it in `event`. */
  'detail-type': string;
  /** When the bus received it, in whole seconds. If `detail.occurred_at` is absent, the event occurred at its arrival, within this second. */
  time?: string;
  /** What happened. Every field of it may be absent. */
  detail: {
    /** When it occurred, in milliseconds: ISO 8601 with a zone, as in `2026-03-15T10:20:30.250Z`. */
    occurred_at?: string | null;
    /** The sender's own id of the event. If it is put again with the same id, source, name, user and tokens, it is the same event and nothing is done twice. */
    id?: string | null;
    /** `post` (default): after the request. `pre`: before it, over HTTP only (`POST /pre`); on the bus it is ignored. */
    position?: 'pre' | 'post' | null;
    /** The token, or several separated by commas. */
    serial?: string | null;
    /** The user whom the event is about: conditions on the user, tags `{username}` and `{realm}`, `target: user`. */
    user?: {
      /** The login name. Looked up together with `realm`. */
      login?: string | null;
      /** The realm; upper and lower case are the same. */
      realm?: string | null;
      /** The resolver. Resolver and `uid` identify the user without regard to the login. */
      resolver?: string | null;
      /** The user's id in the resolver. Write it as a text: a number beyond 2^53 is refused. */
      uid?: unknown;
      [key: string]: unknown;
    } | null;
    /** The client's address: condition `client_ip`, tag `{client_ip}`. */
    client_ip?: string | null;
    /** The client's User-Agent: tags `{ua_string}` and `{ua_browser}`. */
    user_agent?: string | null;
    /** Who made the request. */
    logged_in_user?: {
      /** The name. Not used. */
      username?: string | null;
      /** The realm. Not used. */
      realm?: string | null;
      /** `admin` or `user`: condition `logged_in_user`. */
      role?: string | null;
      [key: string]: unknown;
    } | null;
    /** The parameters of the request, without secrets. */
    request?: {
      /** The serial that the request named. It has priority over `response.detail.serial` and `detail.serial`. */
      serial?: string | null;
      /** The container of the request: conditions `container_...`, option `container` of `enroll`. */
      container_serial?: string | null;
      /** The challenge of the request: conditions `challenge_...`. */
      transaction_id?: string | null;
      [key: string]: unknown;
    } | null;
    /** What was answered, without secrets: `result.status`, `result.value`, `result.authentication`, `detail.message`, `detail.error.message` for the conditions named after them, `detail.serial` for the token. */
    response?: Record<string, unknown> | null;
    /** The challenge itself, if it is not in the directory: `serial`, `transaction_id`, `session`, `expires`. */
    challenge?: unknown;
    /** The container itself, if it is not in the directory. */
    container?: unknown;
    /** Event counters by name: condition `counter`. */
    counters?: Record<string, number> | null;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** The result of one step: the detail of token.action.done, token.action.skipped and token.action.failed. */
export interface Outcome {
  /** The step's id. The same outcome may arrive twice, always with the same id: ignore the second. */
  id: string;
  /** The result of the step. */
  status: 'done' | 'skipped' | 'failed';
  /** The auth event that caused the step. */
  event: {
    /** `detail.id` of the event, else the bus's id. */
    id: string;
    /** Its `detail-type`. */
    name: string;
    /** When it occurred: ISO 8601, UTC, with milliseconds. */
    time: string;
  };
  /** The definition; null for a step that a rule of your own has put. */
  definition: {
    /** Its id. */
    id: number;
    /** Its name. */
    name: string;
  } | null;
  /** The action; null if the definition cannot be read. */
  action: string | null;
  /** The token; null if there is none. Of `enroll` the new token, or null if it failed. */
  serial: string | null;
  /** The changes, `{field: [before, after]}`, such as `failcount` or `info.KEY`; never a secret. Empty: nothing was changed. Null: the changes are no longer known, because the step was delivered again late, or they are too long. */
  changes: Record<string, [unknown, unknown]> | null;
  /** What the action adds to the response, such as `detail.pin`. No other field of any event may contain a secret. */
  response: {
    /** The values by name: `pin`; of `enroll` `serial`, `type`, and what its type announces, such as `googleurl`. */
    detail: Record<string, unknown>;
  } | null;
  /** Why the step was skipped or failed; null if it is done. */
  reason: {
    /** The reason, for programs. */
    code: 'bad_date' | 'bad_definition' | 'bad_option' | 'bad_period' | 'bad_tag' | 'bad_time' | 'bulk_running' | 'condition' | 'missing_email' | 'missing_phone' | 'missing_user' | 'no_token' | 'not_a_number' | 'not_targeted' | 'number_too_large' | 'slip_too_large' | 'superseded' | 'token_exists' | 'token_revoked' | 'token_too_large' | 'too_old' | 'unknown_container' | 'unknown_realm' | 'unknown_token' | 'unknown_tokengroup' | 'unreadable_value';
    /** The reason, for people. The text may change. */
    message: string;
    /** The condition that does not hold. */
    condition?: string;
    /** The value that the condition requires. */
    wanted?: unknown;
    /** The value that was compared; null: there was none. */
    saw?: unknown;
    /** The place of the fault, as in `options.valid from`. */
    path?: string;
    /** What was given; never a secret. */
    given?: unknown;
    /** What is accepted. */
    allowed?: string | Array<string>;
    [key: string]: unknown;
  } | null;
}

/** The result of a definition on all tokens of a state: the detail of token.action.bulk. */
export interface BulkSummary {
  /** The run's id. The same summary may arrive twice, always with the same id: ignore the second. */
  id: string;
  /** The auth event that caused the step. */
  event: {
    /** `detail.id` of the event, else the bus's id. */
    id: string;
    /** Its `detail-type`. */
    name: string;
    /** When it occurred: ISO 8601, UTC, with milliseconds. */
    time: string;
  };
  /** The definition. */
  definition: {
    /** Its id. */
    id: number;
    /** Its name. */
    name: string;
  };
  /** The action. */
  action: string;
  /** The state of the tokens. */
  target: 'unassigned' | 'disabled';
  /** Whether the run ended early, because its definition was changed or removed. */
  stopped: boolean;
  /** The number of steps by result. */
  tokens: {
    /** The tokens in that state: the sum of the other numbers. */
    found: number;
    /** Steps that were done. */
    done: number;
    /** Steps that were skipped. */
    skipped: number;
    /** Steps that failed. */
    failed: number;
    /** Steps that could not be done at once, and were put on the bus as steps of their own. */
    deferred: number;
  };
}

/** An event handler definition. */
export type Definition = DefinitionFields & Action;

export type EventName = 'auth' | 'validate_check' | 'validate_triggerchallenge' | 'validate_poll_transaction' | 'validate_initialize' | 'validate_offlinerefill' | 'ttype' | 'token_init' | 'token_list' | 'token_assign' | 'token_unassign' | 'token_revoke' | 'token_enable' | 'token_disable' | 'token_delete' | 'token_reset' | 'token_resync' | 'token_setpin' | 'token_setrandompin' | 'token_set' | 'token_realm' | 'token_load' | 'token_copypin' | 'token_copyuser' | 'token_lost' | 'token_getserial' | 'token_info' | 'token_assign_group' | 'token_unassign_group' | 'token_getchallenges' | 'token_cancelchallenge' | 'container_init' | 'container_assign' | 'container_unassign' | 'container_delete' | 'container_add_token' | 'container_remove_token' | 'container_set_description' | 'container_set_states' | 'container_set_realms' | 'container_set_options' | 'container_register_initialize' | 'container_register_finalize' | 'container_unregister' | 'container_create_challenge' | 'container_synchronize' | 'user_list' | 'user_add' | 'user_update' | 'user_delete' | 'set_custom_user_attribute' | 'delete_custom_user_attribute' | 'get_user_attribute' | (string & {});

export interface DefinitionFields {
  /** Its number, from 1. It may be absent if the name identifies the definition. */
  id?: number | string | null;
  /** Its name, for people. */
  name?: string | null;
  /** Whether it acts; true by default. */
  active?: boolean | 1 | '1' | 'true' | 'True' | 'TRUE' | 0 | '0' | 'false' | 'False' | 'FALSE' | null;
  /** Lower ones act first; 0 by default. */
  ordering?: number | string | null;
  /** post (default): after the event; pre: before it, while its sender waits. */
  position?: 'post' | 'pre' | null;
  /** The events at which it acts: privacyIDEA's, or a sender's own; a list, or a text separated by commas. */
  event: EventName | Array<EventName>;
  /** privacyIDEA's handler; only this one is accepted. */
  handlermodule?: 'Token' | null;
  /** All of them must hold. A list of groups: all groups. */
  conditions?: Conditions | Array<Conditions> | null;
  /** None of these may hold. */
  unless?: Conditions | null;
  /** If what a condition compares is missing: hold (default): the rule of the condition applies; fail: it does not hold. */
  when_missing?: 'hold' | 'fail' | null;
  /** Whether a failure ends the steps of that token; false by default. */
  abort_on_error?: boolean | 1 | '1' | 'true' | 'True' | 'TRUE' | 0 | '0' | 'false' | 'False' | 'FALSE' | null;
  /** Confirms a target of all tokens of a state; false by default. */
  confirm?: boolean | 1 | '1' | 'true' | 'True' | 'TRUE' | 0 | '0' | 'false' | 'False' | 'FALSE' | null;
  /** Which tokens: the one of the event (current, the default), or several. */
  target?: 'current' | 'user' | 'siblings' | 'unassigned' | 'disabled' | null;
}

/** All of them must hold. */
export interface Conditions {
  /** Whether an administrator or a user is logged in. An event that names nobody counts as a user. Written as: admin or user. */
  logged_in_user?: 'admin' | 'user' | Array<'admin' | 'user'>;
  /** Whether result.value of the response is true. A missing value counts as false. Written as: True or False. */
  result_value?: boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0 | Array<boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0>;
  /** Whether result.status of the response is true. A missing status counts as false. Written as: True or False. */
  result_status?: boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0 | Array<boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0>;
  /** The result of the authentication: result.authentication of the response. Written as: ACCEPT, REJECT, CHALLENGE, DECLINED. */
  result_authentication?: 'ACCEPT' | 'REJECT' | 'CHALLENGE' | 'DECLINED' | Array<'ACCEPT' | 'REJECT' | 'CHALLENGE' | 'DECLINED'>;
  /** The regular expression matches anywhere in detail.message of the response. A missing message counts as empty. Written as: a regular expression of RE2 (no look-ahead, look-behind or back-reference). */
  detail_message?: string | number | boolean | Array<string | number | boolean>;
  /** The regular expression matches anywhere in detail.error.message of the response. A missing one counts as empty. Written as: a regular expression of RE2 (no look-ahead, look-behind or back-reference). */
  detail_error_message?: string | number | boolean | Array<string | number | boolean>;
  /** The client's address is in the list. Holds for an event without one. Written as: addresses and networks separated by commas; - or ! in front excludes: 10.0.0.0/8, -10.1.0.0/16. */
  client_ip?: string | number | boolean | Array<string | number | boolean>;
  /** The user's realm is in the list. Without a user it holds only where the list has an empty name. Written as: realms separated by commas, without spaces. */
  realm?: string | number | boolean | Array<string | number | boolean>;
  /** The user's resolver is in the list. Without a user it holds only where the list has an empty name. Written as: resolvers separated by commas, without spaces. */
  resolver?: string | number | boolean | Array<string | number | boolean>;
  /** An attribute of the user satisfies the comparison. Does not hold without a user or without the attribute. Written as: <key> <comparator> <value>, as in myKey == v1, myKey > 9, myKey 'in' a,b, myDate < {now}-10d. */
  user_info?: string | number | boolean | Array<string | number | boolean>;
  /** How many tokens the user has. Holds without a user. Written as: an integer, with a comparator in front or none for equality: 5, <5, >= 5, '!equals' 5. */
  user_token_number?: string | number | boolean | Array<string | number | boolean>;
  /** How many containers the user has. Holds without a user. Written as: an integer, with a comparator in front or none for equality: 5, <5, >= 5, '!equals' 5. */
  user_container_number?: string | number | boolean | Array<string | number | boolean>;
  /** The token's type is in the list. Holds without a token. Written as: types separated by commas, without spaces: totp,hotp. */
  tokentype?: string | number | boolean | Array<string | number | boolean>;
  /** One of the token's realms is in the list. Holds for a token in no realm, and without a token. Written as: realms separated by commas, without spaces. */
  tokenrealm?: string | number | boolean | Array<string | number | boolean>;
  /** A resolver of one of the token's realms is in the list. Holds if there is no resolver, and without a token. Written as: resolvers separated by commas, without spaces. */
  tokenresolver?: string | number | boolean | Array<string | number | boolean>;
  /** The regular expression matches the start of the serial. Holds without a serial. Written as: a regular expression of RE2 (no look-ahead, look-behind or back-reference). */
  serial?: string | number | boolean | Array<string | number | boolean>;
  /** The state of the enrolment. An empty state means enrolled. Holds without a token. Written as: the exact text, as in clientwait. */
  rollout_state?: string | number | boolean | Array<string | number | boolean>;
  /** The token's failcounter has reached its maximum. Without a single token: that of any token of the user. Written as: True or False. */
  token_locked?: boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0 | Array<boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0>;
  /** The token is assigned to somebody. Holds without a token. Written as: True or False. */
  token_has_owner?: boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0 | Array<boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0>;
  /** The token's owner is no longer in the directory. A token without an owner is not orphaned. Holds without a token. Written as: True or False. */
  token_is_orphaned?: boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0 | Array<boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0>;
  /** The token is in a container. Holds without a token. Written as: True or False. */
  token_is_in_container?: boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0 | Array<boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0>;
  /** An entry of tokeninfo satisfies the comparison. Does not hold without the entry; holds without a token. Written as: <key> <comparator> <value>, as in myKey == v1, myKey > 9, myKey 'in' a,b, myDate < {now}-10d. */
  tokeninfo?: string | number | boolean | Array<string | number | boolean>;
  /** The event is within the validity period, start and end included. An end that is not set is no limit. Written as: True or False. */
  token_validity_period?: boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0 | Array<boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0>;
  /** The last successful authentication is longer ago than the duration. Does not hold for a token that was never used. Written as: <number><unit>, the unit one of s, m, h, d, y, as in 7h or 10d. */
  last_auth?: string | number | boolean | Array<string | number | boolean>;
  /** The failed attempts since the last success. Holds without a token. Written as: an integer, with a comparator in front or none for equality: 5, <5, >= 5, '!equals' 5. */
  failcounter?: string | number | boolean | Array<string | number | boolean>;
  /** The counter of an HOTP token. Holds without a token. Written as: an integer, with a comparator in front or none for equality: 5, <5, >= 5, '!equals' 5. */
  otp_counter?: string | number | boolean | Array<string | number | boolean>;
  /** All authentications with the token (tokeninfo count_auth). Holds without a token. Written as: an integer, with a comparator in front or none for equality: 5, <5, >= 5, '!equals' 5. */
  count_auth?: string | number | boolean | Array<string | number | boolean>;
  /** The successful authentications (tokeninfo count_auth_success). Holds without a token. Written as: an integer, with a comparator in front or none for equality: 5, <5, >= 5, '!equals' 5. */
  count_auth_success?: string | number | boolean | Array<string | number | boolean>;
  /** The failed authentications: count_auth less count_auth_success. Holds without a token. Written as: an integer, with a comparator in front or none for equality: 5, <5, >= 5, '!equals' 5. */
  count_auth_fail?: string | number | boolean | Array<string | number | boolean>;
  /** An event counter satisfies the comparison. A counter that never counted is 0. Written as: <key> <comparator> <value>, as in myKey == v1, myKey > 9, myKey 'in' a,b. */
  counter?: string | number | boolean | Array<string | number | boolean>;
  /** The regular expression matches the start of the challenge's session. Holds without a challenge, but not with several. Written as: a regular expression of RE2 (no look-ahead, look-behind or back-reference). */
  challenge_session?: string | number | boolean | Array<string | number | boolean>;
  /** The challenge has expired. Holds without a challenge, but not with several. Written as: True or False. */
  challenge_expired?: boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0 | Array<boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0>;
  /** The container has all the states listed, and perhaps more. Holds without a container. Written as: states separated by commas, without spaces: active,lost. */
  container_state?: string | number | boolean | Array<string | number | boolean>;
  /** The container has the states listed and no other. Holds without a container. Written as: states separated by commas, without spaces: active,lost. */
  container_exact_state?: string | number | boolean | Array<string | number | boolean>;
  /** The container is of this type. Holds without a container. Written as: the exact text, as in smartphone. */
  container_type?: string | number | boolean | Array<string | number | boolean>;
  /** The container is assigned to somebody. Holds without a container. Written as: True or False. */
  container_has_owner?: boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0 | Array<boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0>;
  /** The container has at least one token. Holds without a container. Written as: True or False. */
  container_has_token?: boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0 | Array<boolean | 'True' | 'False' | 'true' | 'false' | 'TRUE' | 'FALSE' | '1' | '0' | 1 | 0>;
  /** One of the container's realms is in the list. Holds for a container in no realm, and without a container. Written as: realms separated by commas, without spaces. */
  container_realm?: string | number | boolean | Array<string | number | boolean>;
  /** The resolver of one of the container's owners is in the list. Holds without an owner and without a container. Written as: resolvers separated by commas, without spaces. */
  container_resolver?: string | number | boolean | Array<string | number | boolean>;
  /** An entry of the container's info satisfies the comparison. Does not hold without the entry; holds without a container. Written as: <key> <comparator> <value>, as in myKey == v1, myKey > 9, myKey 'in' a,b. */
  container_info?: string | number | boolean | Array<string | number | boolean>;
  /** The last authentication with the container is more recent than the duration. Does not hold if there was none. Written as: <number><unit>, the unit one of s, m, h, d, y, as in 7h or 10d. */
  container_last_authentication?: string | number | boolean | Array<string | number | boolean>;
  /** The last synchronization of the container is more recent than the duration. Does not hold if there was none. Written as: <number><unit>, the unit one of s, m, h, d, y, as in 7h or 10d. */
  container_last_synchronization?: string | number | boolean | Array<string | number | boolean>;
}

/** An action with its options. */
export type Action = {
  action: 'set tokenrealm';
  options: {
    /** The realm to add. */
    realm: string | number;
    /** Whether the token is removed from all other realms. */
    only_realm?: boolean | 1 | '1' | 'true' | 'True' | 'TRUE' | 0 | '0' | 'false' | 'False' | 'FALSE';
  };
} | {
  action: 'delete';
  options?: Record<string, never>;
} | {
  action: 'unassign';
  options?: Record<string, never>;
} | {
  action: 'disable';
  options?: Record<string, never>;
} | {
  action: 'enable';
  options?: Record<string, never>;
} | {
  action: 'enroll';
  options: {
    /** The type of the new token: hotp, totp, sms, email, motp, spass, pw, registration, paper, tan, daypassword, indexedsecret, applspec. */
    tokentype: string | number;
    /** Whether the token is assigned to the event's user or, without one, to the owner of the event's token. */
    user?: boolean | 1 | '1' | 'true' | 'True' | 'TRUE' | 0 | '0' | 'false' | 'False' | 'FALSE';
    /** A realm of the token, in addition to its owner's. */
    realm?: string | number;
    /** sms: whether the phone number is read from the directory at each login. */
    dynamic_phone?: boolean | 1 | '1' | 'true' | 'True' | 'TRUE' | 0 | '0' | 'false' | 'False' | 'FALSE';
    /** email: whether the address is read from the directory at each login. */
    dynamic_email?: boolean | 1 | '1' | 'true' | 'True' | 'TRUE' | 0 | '0' | 'false' | 'False' | 'FALSE';
    /** sms: the SMS gateway; absent: the system's default. */
    sms_identifier?: string | number;
    /** email: the SMTP server; absent: the system's default. */
    smtp_identifier?: string | number;
    /** motp: the PIN that the owner types into the app. */
    motppin?: string | number;
    /** Parameters of a /token/init request, as JSON, YAML or an object; they override the other options. */
    additional_params?: string | Record<string, unknown>;
    /** Whether the token is put into the container that the request names or, without one, into that of the event's token. */
    container?: boolean | 1 | '1' | 'true' | 'True' | 'TRUE' | 0 | '0' | 'false' | 'False' | 'FALSE';
  };
} | {
  action: 'set description';
  options?: {
    /** The new description, with tags such as {now}+10m or {client_ip}; at most 80 characters. */
    description?: string | number;
  };
} | {
  action: 'set validity';
  options?: {
    /** The start: a date such as 2016-12-23T15:30+0600 or 23.12.2016 9:30, or an offset such as +30m, +7h or +30d. */
    'valid from'?: string;
    /** The end: a date such as 2016-12-23T15:30+0600 or 23.12.2016 9:30, or an offset such as +30m, +7h or +30d. */
    'valid till'?: string;
  };
} | {
  action: 'set countwindow';
  options: {
    /** The new count window, at least 1. */
    'count window': string | number;
  };
} | {
  action: 'set tokeninfo';
  options: {
    /** The tokeninfo key. */
    key: string | number;
    /** The value, with tags such as {now}-12d, {client_ip} or {username}. */
    value?: string | number;
  };
} | {
  action: 'increase tokeninfo';
  options: {
    /** The tokeninfo key. */
    key: string | number;
    /** The number to add; absent: 1. It may be negative. */
    increment?: string | number;
  };
} | {
  action: 'delete tokeninfo';
  options: {
    /** The tokeninfo key. */
    key: string | number;
  };
} | {
  action: 'set failcounter';
  options: {
    /** The new failcounter; 0 resets it, "max" sets it to the token's maximum and blocks the token. */
    'fail counter': 'max' | string | number;
  };
} | {
  action: 'change failcounter';
  options: {
    /** The number to add: +n, -n or n. */
    'change fail counter': string | number;
  };
} | {
  action: 'set max failcount';
  options: {
    /** The new maximum, at least 0. */
    'max failcount': string | number;
  };
} | {
  action: 'set random pin';
  options?: {
    /** The number of letters and digits, 1 to 31; absent: 6. */
    length?: string | number;
  };
} | {
  action: 'add tokengroup';
  options: {
    /** The name of the token group. */
    tokengroup: string | number;
  };
} | {
  action: 'remove tokengroup';
  options: {
    /** The name of the token group. */
    tokengroup: string | number;
  };
} | {
  action: 'attach application';
  options: {
    /** The application that uses the token. */
    application: 'ssh' | 'offline' | 'luks';
    /** The machine; absent: every machine. */
    'machine ID'?: string | number;
    /** ssh: the service. */
    service_id?: string | number;
    /** ssh: the user on the machine. */
    user?: string | number;
    /** offline: the number of passwords to hand out. */
    count?: string | number;
    /** offline: the number of rounds to hash them with. */
    rounds?: string | number;
    /** luks: the key slot. */
    slot?: string | number;
    /** luks: the partition. */
    partition?: string | number;
  };
};

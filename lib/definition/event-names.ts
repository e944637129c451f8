/**
 * The names of privacyIDEA's events: those of its token, container, user and authentication endpoints. They are
 * suggestions only; senders may use other names.
 */
export const PRIVACYIDEA_EVENTS: readonly string[] = [
  'auth',
  'validate_check',
  'validate_triggerchallenge',
  'validate_poll_transaction',
  'validate_initialize',
  'validate_offlinerefill',
  'ttype',
  ...prefixed('token', [
    ...['init', 'list', 'assign', 'unassign', 'revoke', 'enable', 'disable', 'delete', 'reset', 'resync', 'setpin'],
    ...['setrandompin', 'set', 'realm', 'load', 'copypin', 'copyuser', 'lost', 'getserial', 'info', 'assign_group'],
    ...['unassign_group', 'getchallenges', 'cancelchallenge'],
  ]),
  ...prefixed('container', [
    ...['init', 'assign', 'unassign', 'delete', 'add_token', 'remove_token', 'set_description', 'set_states'],
    ...['set_realms', 'set_options', 'register_initialize', 'register_finalize', 'unregister', 'create_challenge'],
    ...['synchronize'],
  ]),
  ...prefixed('user', ['list', 'add', 'update', 'delete']),
  'set_custom_user_attribute',
  'delete_custom_user_attribute',
  'get_user_attribute',
];

function prefixed(prefix: string, names: readonly string[]): string[] {
  return names.map((name) => `${prefix}_${name}`);
}

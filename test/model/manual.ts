/**
 * Implements each action on a plain token as privacyIDEA's manual describes it, without any code of `lib/`. Actions are
 * applied one after the other, in the order in which their events occurred.
 */
import { DAY, GROUPS, type OWNER, REALMS, type WorldDefinition, type WorldEvent, type WorldToken } from './world.ts';

export interface ModelToken {
  active: boolean;
  revoked: boolean;
  description: string;
  realms: string[];
  user: typeof OWNER | null;
  failcount: number;
  maxfail: number;
  count_window: number;
  tokengroups: string[];
  pin_set: boolean;
  info: Record<string, string>;
  deleted: boolean;
}

export function imported({ active, revoked, failcount, info, realms, tokengroups, user }: WorldToken): ModelToken {
  return {
    active,
    revoked,
    description: '',
    realms: [...new Set([...realms, ...(user ? [user.realm] : [])])].sort(),
    user,
    failcount,
    maxfail: 10,
    count_window: 10,
    tokengroups: [...tokengroups],
    pin_set: false,
    info: { ...info },
    deleted: false,
  };
}

/** The fields that an action assigns or increases. An assignment supersedes older ones; increments add up. */
export type Touch = readonly ['assign' | 'add', string];

interface Manual {
  readonly touches: (options: Options, token: ModelToken) => readonly Touch[];
  readonly apply: (token: ModelToken, options: Options, event: WorldEvent) => void;
  readonly refuses?: (options: Options) => string | undefined;
  readonly onRevoked?: boolean;
}
type Options = Readonly<Record<string, string>>;

const option = (options: Options, name: string): string => options[name] ?? '';
const without = (list: readonly string[], one: string): string[] => list.filter((other) => other !== one);
const withOne = (list: readonly string[], one: string): string[] => [...without(list, one), one].sort();

function assigns(path: string, apply: Manual['apply']): Manual {
  return { touches: () => [['assign', path]], apply };
}

const MANUAL: Readonly<Record<string, Manual>> = {
  disable: assigns('active', (token) => {
    token.active = false;
  }),
  enable: assigns('active', (token) => {
    token.active = true;
  }),
  'set description': assigns('description', (token, options, event) => {
    token.description = option(options, 'description').replace('{client_ip}', event.client_ip);
  }),
  'set countwindow': assigns('count_window', (token, options) => {
    token.count_window = Number(options['count window']);
  }),
  'set max failcount': assigns('maxfail', (token, options) => {
    token.maxfail = Number(options['max failcount']);
  }),
  'set failcounter': assigns('failcount', (token, options) => {
    token.failcount = Number(options['fail counter']);
  }),
  'change failcounter': {
    touches: () => [['add', 'failcount']],
    apply: (token, options) => {
      token.failcount += Number(options['change fail counter']);
    },
  },
  'set tokeninfo': {
    touches: ({ key }) => [['assign', `info.${key}`]],
    apply: (token, options) => {
      token.info[option(options, 'key')] = option(options, 'value');
    },
  },
  'delete tokeninfo': {
    onRevoked: true,
    touches: ({ key }) => [['assign', `info.${key}`]],
    apply: (token, options) => {
      delete token.info[option(options, 'key')];
    },
  },
  'increase tokeninfo': {
    touches: ({ key }) => [['add', `info.${key}`]],
    apply: (token, options) => {
      const key = option(options, 'key');
      token.info[key] = String(Number(token.info[key] ?? '0') + Number(options.increment));
    },
  },
  'set validity': {
    touches: () => [['assign', 'info.validity_period_end']],
    apply: (token, options, event) => {
      const ahead = options['valid till'] === '+30d' ? 30 * DAY : 90 * 60_000;
      token.info.validity_period_end = `${new Date(event.time + ahead).toISOString().slice(0, 16)}+0000`;
    },
  },
  'set random pin': assigns('pin', (token) => {
    token.pin_set = true;
  }),
  'add tokengroup': inGroup((groups, group) => withOne(groups, group)),
  'remove tokengroup': inGroup((groups, group) => without(groups, group)),
  'set tokenrealm': {
    refuses: ({ realm = '' }) => (realm in REALMS ? undefined : 'unknown_realm'),
    touches: ({ realm, only_realm }) => [only_realm === '1' ? ['assign', 'realms'] : ['assign', `realms:${realm}`]],
    apply: (token, options) => {
      const realm = option(options, 'realm');
      if (options.only_realm !== '1') token.realms = withOne(token.realms, realm);
      else token.realms = token.user ? withOne([realm], token.user.realm) : [realm];
    },
  },
  unassign: {
    touches: (_options, { user }) => [
      ['assign', 'user'],
      ['assign', 'pin'],
      ['assign', 'failcount'],
      ['assign', 'info.failcounter_exceeded'],
      ...(user ? [['assign', `realms:${user.realm}`] as const] : []),
    ],
    apply: (token) => {
      token.user = null;
      token.pin_set = false;
      token.failcount = 0;
    },
  },
  delete: {
    onRevoked: true,
    touches: () => [['assign', 'deleted']],
    apply: (token) => {
      token.deleted = true;
    },
  },
};

function inGroup(change: (groups: readonly string[], group: string) => string[]): Manual {
  return {
    onRevoked: true,
    refuses: ({ tokengroup = '' }) => (GROUPS.includes(tokengroup) ? undefined : 'unknown_tokengroup'),
    touches: ({ tokengroup }) => [['assign', `tokengroups:${tokengroup}`]],
    apply: (token, options) => {
      token.tokengroups = change(token.tokengroups, option(options, 'tokengroup'));
    },
  };
}

export function manualOf({ action }: Pick<WorldDefinition, 'action'>): Manual {
  const found = MANUAL[action];
  if (found === undefined) throw new Error(`the model knows no action "${action}"`);
  return found;
}

/** Evaluates the conditions that the worlds use. @returns the name of one that does not hold */
export function unmetCondition({ conditions }: WorldDefinition, token: ModelToken, type: string): string | undefined {
  const holds: Readonly<Record<string, (wanted: string) => boolean>> = {
    failcounter: (wanted) => compares(token.failcount, wanted),
    tokeninfo: (wanted) => {
      const [key = '', operator = '', value = ''] = wanted.split(' ');
      return key in token.info && compares(Number(token.info[key]), `${operator}${value}`);
    },
    token_has_owner: (wanted) => (token.user !== null) === (wanted === 'True'),
    tokenrealm: (wanted) => token.realms.length === 0 || token.realms.includes(wanted), // in no realm: holds, as in privacyIDEA
    tokentype: (wanted) => wanted.split(',').includes(type),
    result_value: () => true, // decided by the event alone, before
  };
  return Object.entries(conditions).find(([name, wanted]) => !holds[name]?.(wanted))?.[0];
}

function compares(number: number, wanted: string): boolean {
  const [, operator = '==', value = ''] = /^(<|>=|==|>)?(-?\d+)$/.exec(wanted) ?? [];
  const other = Number(value);
  if (operator === '<') return number < other;
  if (operator === '>') return number > other;
  return operator === '>=' ? number >= other : number === other;
}

/** Passwords sent as a text message. Nothing is announced: the owner never sees the key. */
import { HASH, lastHotp, resyncHotp, verifyHotp } from '../one-time-password.ts';
import { address, checkSent, dynamic, gateway, makeSent, nextSent, sentParameters } from '../sent-password.ts';
import { defineTokenType } from '../token-type.ts';

export const sms = defineTokenType({
  name: 'sms',
  prefix: 'PISM',
  description: 'One-time passwords sent to a mobile phone.',
  tokenkind: 'virtual',
  sentTo: 'phone',
  parameters: {
    ...sentParameters,
    phone: address('The phone number'),
    dynamic_phone: dynamic('the phone number'),
    'sms.identifier': gateway('The SMS gateway'),
  },
  check: checkSent,
  make: (parameters, source) => {
    const { phone, dynamic_phone, 'sms.identifier': identifier } = parameters;
    const to = dynamic_phone ? { dynamic_phone: '1' } : { phone };
    return makeSent(parameters, { ...to, 'sms.identifier': identifier }, source);
  },
  announce: () => ({}),
  stored: { hashlib: HASH },
  verify: verifyHotp,
  challenged: 'always',
  lastUsed: lastHotp,
  resync: resyncHotp,
  send: nextSent,
});

/** Passwords sent by e-mail. Nothing is announced: the owner never sees the key. */
import { HASH, lastHotp, resyncHotp, verifyHotp } from '../one-time-password.ts';
import { address, checkSent, dynamic, gateway, makeSent, nextSent, sentParameters } from '../sent-password.ts';
import { defineTokenType } from '../token-type.ts';

export const email = defineTokenType({
  name: 'email',
  prefix: 'PIEM',
  description: 'One-time passwords sent by e-mail.',
  tokenkind: 'virtual',
  sentTo: 'email',
  parameters: {
    ...sentParameters,
    email: address('The e-mail address'),
    dynamic_email: dynamic('the e-mail address'),
    'email.identifier': gateway('The SMTP server'),
  },
  check: checkSent,
  make: (parameters, source) => {
    const { email: to, dynamic_email, 'email.identifier': identifier } = parameters;
    const addressed = dynamic_email ? { dynamic_email: '1' } : { email: to };
    return makeSent(parameters, { ...addressed, 'email.identifier': identifier }, source);
  },
  announce: () => ({}),
  stored: { hashlib: HASH },
  verify: verifyHotp,
  challenged: 'always',
  lastUsed: lastHotp,
  resync: resyncHotp,
  send: nextSent,
});

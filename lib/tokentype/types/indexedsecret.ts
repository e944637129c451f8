/** A secret. Each login asks for the characters at some positions. */
import { checkPassword, isPassword, makePassword, passwordOf, passwordParameters } from '../fixed-password.ts';
import { defineTokenType } from '../token-type.ts';

const LENGTH = 20;
/** How many characters a login asks for. */
const POSITIONS = 2;

export const indexedsecret = defineTokenType({
  name: 'indexedsecret',
  prefix: 'PIIX',
  description: 'A secret of which each login asks for the characters at some positions.',
  tokenkind: 'software',
  parameters: passwordParameters,
  check: checkPassword,
  make: async (parameters, source) => ({
    ...(await makePassword(parameters, { length: LENGTH }, source)),
    otplen: POSITIONS,
  }),
  announce: (made) => ({ password: passwordOf(made) }),
  verify(secret, { positions = [] }, password) {
    const characters = [...Buffer.from(secret).toString()];
    const wanted = positions.map((position) => characters[position - 1]);
    if (wanted.length === 0 || wanted.includes(undefined)) return null;
    return isPassword(Buffer.from(wanted.join('')), password) ? {} : null;
  },
  challenged: 'always',
  choose(secret, below) {
    const length = [...Buffer.from(secret).toString()].length;
    const chosen = new Set<number>();
    while (chosen.size < Math.min(POSITIONS, length)) chosen.add(1 + below(length));
    return [...chosen].sort((a, b) => a - b);
  },
});

/** Plays the logins that `start` shows: over HTTP, with one-time passwords computed as in an authenticator app. */
import { join } from 'node:path';
import type { Stack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { passwordAt } from '../../lib/tokentype/one-time-password.ts';
import { readScenarioDocument } from '../input/read-file.ts';
import type { Paint } from '../output/display.ts';
import { describeResponse } from '../scenario/requests.ts';
import { type CheckedScenario, readScenario } from '../scenario/scenario.ts';
import { CLONE } from '../stack/clone.ts';
import type { Tables } from '../stack/environment.ts';
import { checkLogin, type LoginAnswer } from './login-request.ts';

/** Reads the tokens and users of the example logins. @param now in milliseconds since 1970 */
export const readLogins = async (now: number): Promise<CheckedScenario> =>
  readScenario(await readScenarioDocument(join(CLONE, 'examples', 'logins.yaml')), now);

const SERIAL = 'OATH1200';
const DIGITS = 6;

/**
 * Logs in with a right one-time password, with a wrong one, and by a text message.
 *
 * @param shown is called with each line
 */
export async function playLogins(
  logins: CheckedScenario,
  stack: Pick<Stack, 'endpoints' | 'sent' | 'idle'>,
  tables: Tables,
  paint: Paint,
  shown: (line: string) => void,
): Promise<void> {
  const check = async (what: string, params: Readonly<Record<string, string>>): Promise<LoginAnswer> => {
    shown(
      `\n${paint('bold', what)} ${paint('dim', `POST /validate/check ${JSON.stringify({ ...params, pass: '...' })}`)}`,
    );
    const answer = await checkLogin(stack.endpoints.http, { user: 'grace', ...params });
    shown(describeResponse(answer, paint));
    await stack.idle();
    return answer;
  };
  await check('grace logs in with the code of her app', { pass: `1234${await nextCode(logins, tables)}` });
  await check('grace mistypes', { pass: '1234000000' });
  const asked = await check('grace asks for a text message, by the PIN of her phone', { pass: '5678' });
  const text = stack.sent.at(-1)?.text ?? '';
  shown(`  ${paint('dim', `a text message to ${stack.sent.at(-1)?.to}: ${text}`)}`);
  await check('grace answers', { pass: text, transaction_id: asked.transaction ?? '' });
}

/** Returns a curl command to paste: a login with the next one-time password. */
export async function curlLine(http: string, logins: CheckedScenario, tables: Tables): Promise<string> {
  const pass = `1234${await nextCode(logins, tables)}`;
  return `  curl ${http}/validate/check -d user=grace -d pass=${pass}`;
}

/** Computes the next one-time password of the example's HOTP token. */
async function nextCode({ tokens }: CheckedScenario, tables: Tables): Promise<string> {
  const record = await tokenStore(documentClient(), tables.tokens).read(SERIAL);
  const key = Buffer.from(tokens?.find(({ serial }) => serial === SERIAL)?.otpkey ?? '', 'hex');
  return passwordAt(key, record?.token.count ?? 0, DIGITS, 'sha1');
}

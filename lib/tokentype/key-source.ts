/**
 * Where a secret comes from: it is given as `otpkey`, or generated. As privacyIDEA's `/token/init`, both at once are
 * refused: which of the two was meant? An `otpkey` alone needs no `genkey: 0` beside it.
 */
import { TokenwrightError } from '../base/error.ts';

/** @throws TokenwrightError `bad_option` where the parameters name no source, or two */
export function checkSource({
  genkey,
  otpkey,
}: {
  readonly genkey?: boolean | undefined;
  readonly otpkey?: string | undefined;
}): void {
  if (otpkey === undefined && genkey === false) {
    throw badSource('the otpkey is required where genkey is 0', 'an otpkey, or genkey: 1');
  }
  if (otpkey !== undefined && genkey === true) {
    throw badSource('the otpkey is given, and genkey: 1 would generate another one', 'an otpkey, or genkey: 1');
  }
}

function badSource(message: string, allowed: string): TokenwrightError {
  return new TokenwrightError('bad_option', message, { path: 'otpkey', allowed });
}

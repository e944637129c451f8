import { setTokenrealm } from '../../lib/action/actions/set-tokenrealm.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(setTokenrealm);

import { setTokeninfo } from '../../lib/action/actions/set-tokeninfo.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(setTokeninfo);

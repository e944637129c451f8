import { increaseTokeninfo } from '../../lib/action/actions/increase-tokeninfo.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(increaseTokeninfo);

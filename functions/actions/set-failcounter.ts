import { setFailcounter } from '../../lib/action/actions/set-failcounter.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(setFailcounter);

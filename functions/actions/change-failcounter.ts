import { changeFailcounter } from '../../lib/action/actions/change-failcounter.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(changeFailcounter);

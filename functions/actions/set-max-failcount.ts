import { setMaxFailcount } from '../../lib/action/actions/set-max-failcount.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(setMaxFailcount);

import { setCountwindow } from '../../lib/action/actions/set-countwindow.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(setCountwindow);

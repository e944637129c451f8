import { setDescription } from '../../lib/action/actions/set-description.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(setDescription);

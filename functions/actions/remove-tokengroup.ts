import { removeTokengroup } from '../../lib/action/actions/tokengroup.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(removeTokengroup);

import { deleteToken } from '../../lib/action/actions/delete.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(deleteToken);

import { deleteTokeninfo } from '../../lib/action/actions/delete-tokeninfo.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(deleteTokeninfo);

import { unassign } from '../../lib/action/actions/unassign.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(unassign);

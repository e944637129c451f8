import { enable } from '../../lib/action/actions/enable.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(enable);

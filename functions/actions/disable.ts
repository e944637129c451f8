import { disable } from '../../lib/action/actions/disable.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(disable);

import { setValidity } from '../../lib/action/actions/set-validity.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(setValidity);

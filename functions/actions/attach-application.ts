import { attachApplication } from '../../lib/action/actions/attach-application.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';

export const handler = actionHandler(attachApplication);

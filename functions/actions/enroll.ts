import { enroll } from '../../lib/action/actions/enroll.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';
import { sealingRuntime } from '../../lib/lambda/sealing-runtime.ts';

export const handler = actionHandler(enroll, sealingRuntime);

import { setRandomPin } from '../../lib/action/actions/set-random-pin.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';
import { generatingRuntime } from '../../lib/lambda/generating-runtime.ts';

export const handler = actionHandler(setRandomPin, generatingRuntime);

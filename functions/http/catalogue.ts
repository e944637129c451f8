/** The catalogue of actions and conditions. */
import { catalogueOperations } from '../../lib/http/catalogue.ts';
import { httpHandler } from '../../lib/lambda/http-handler.ts';

export const handler = httpHandler(() => catalogueOperations);

/** `/actions` and `/conditions`: the catalogue of definitions. */
import { actions } from '../action/catalogue.ts';
import { describeActions } from '../action/describe.ts';
import { describeConditions } from '../condition/catalogue.ts';
import { type HttpOperations, json } from './call.ts';

export const catalogueOperations: HttpOperations = {
  'GET /actions': async () => json(200, { actions: describeActions(actions) }),
  'GET /conditions': async () => json(200, { conditions: describeConditions() }),
};

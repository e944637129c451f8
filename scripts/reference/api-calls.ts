/** Describes every call of the HTTP API: its input, its answers, and its error codes by status. */
import * as z from 'zod/mini';
import type { ErrorCode } from '../../lib/base/codes.ts';
import * as answers from '../../lib/http/answers.ts';
import * as takes from '../../lib/http/contract.ts';
import { Explanation } from '../../lib/simulate/explanation.ts';
import { DescribedEnvelope } from './auth-event-fields.ts';

export interface ApiCall {
  readonly summary: string;
  readonly path?: z.ZodMiniObject;
  readonly query?: z.ZodMiniObject;
  /** `definition`: the schema for editors. */
  readonly body?: z.ZodMiniType | 'definition';
  /** The error codes by status. */
  readonly answers: Readonly<Record<number, z.ZodMiniType>>;
  readonly refusals: Readonly<Record<number, readonly ErrorCode[]>>;
}

const FAULTS_OF_DEFINITIONS: readonly ErrorCode[] = [
  'bad_definition',
  'unknown_action',
  'bad_option',
  'bad_condition',
  'bad_tag',
  'bad_date',
];

/** The input of HTTP callers, in which fields with a default are optional. */
const PreEvent = z.partial(DescribedEnvelope, { id: true, time: true });
const ExplainedEvent = z.partial(DescribedEnvelope, { id: true, source: true, time: true, detail: true });

/** The calls by route, such as `GET /tokens/{serial}`. */
export const apiCalls: Readonly<Record<string, ApiCall>> = {
  'POST /pre': {
    summary: 'Does the "pre" definitions of an event while its sender waits',
    body: PreEvent,
    answers: { 200: answers.PreAnswer },
    refusals: { 400: ['bad_event'] },
  },
  'GET /definitions': {
    summary: 'The applied definitions',
    answers: { 200: answers.DefinitionsAnswer },
    refusals: {},
  },
  'GET /definitions/{id}': {
    summary: 'One applied definition',
    path: takes.DefinitionPath,
    answers: { 200: answers.DefinitionAnswer },
    refusals: { 400: ['bad_path'], 404: ['unknown_definition'] },
  },
  'PUT /definitions/{id}': {
    summary: 'Applies one definition; the others stay',
    path: takes.DefinitionPath,
    query: takes.WhyQuery,
    body: 'definition',
    answers: { 200: answers.PutAnswer, 201: answers.PutAnswer },
    refusals: {
      400: ['bad_path', 'bad_query', 'bad_body', ...FAULTS_OF_DEFINITIONS],
      409: ['definitions_changed'],
    },
  },
  'DELETE /definitions/{id}': {
    summary: 'Takes one definition out of force; its history stays',
    path: takes.DefinitionPath,
    query: takes.WhyQuery,
    answers: { 200: answers.DeleteAnswer },
    refusals: { 400: ['bad_path', 'bad_query'], 404: ['unknown_definition'], 409: ['definitions_changed'] },
  },
  'GET /definitions/{id}/history': {
    summary: 'Every version of a definition, the youngest first',
    path: takes.DefinitionPath,
    answers: { 200: answers.HistoryAnswer },
    refusals: { 400: ['bad_path'], 404: ['unknown_definition'] },
  },
  'POST /definitions/plan': {
    summary: 'What a whole set would change; nothing is changed',
    body: takes.PlanBody,
    answers: { 200: answers.PlanAnswer },
    refusals: { 400: ['bad_body', ...FAULTS_OF_DEFINITIONS] },
  },
  'POST /definitions/apply': {
    summary: 'Applies a whole set, all of it or nothing',
    body: takes.ApplyBody,
    answers: { 200: answers.ApplyAnswer },
    refusals: { 400: ['bad_body', ...FAULTS_OF_DEFINITIONS], 409: ['definitions_changed'] },
  },
  'GET /actions': { summary: 'The actions that there are', answers: { 200: answers.ActionsAnswer }, refusals: {} },
  'GET /conditions': {
    summary: 'The conditions that there are',
    answers: { 200: answers.ConditionsAnswer },
    refusals: {},
  },
  'POST /explain': {
    summary: 'What the definitions would do at an event, and why not; nothing is written',
    body: z.extend(takes.ExplainBody, { event: ExplainedEvent }),
    answers: { 200: Explanation },
    refusals: { 400: ['bad_body', 'bad_event', ...FAULTS_OF_DEFINITIONS] },
  },
  'GET /tokens': {
    summary: 'The tokens of a user: "resolver" and "uid", or "login" and "realm"',
    query: takes.TokensQuery,
    answers: { 200: answers.TokensAnswer },
    refusals: { 400: ['bad_query', 'bad_cursor'], 404: ['unknown_user'] },
  },
  'GET /tokens/{serial}': {
    summary: 'One token, without its secrets',
    path: takes.TokenPath,
    answers: { 200: answers.TokenAnswer },
    refusals: { 400: ['bad_path'], 404: ['unknown_token'] },
  },
  'GET /tokens/{serial}/outcomes': {
    summary: 'What was done to a token in the last days, and what was not, the youngest first',
    path: takes.TokenPath,
    query: takes.OutcomesQuery,
    answers: { 200: answers.OutcomesAnswer },
    refusals: { 400: ['bad_path', 'bad_query', 'bad_cursor'] },
  },
};

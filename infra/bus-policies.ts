/**
 * The policies of the buses: which roles may put which events. Within one account an Allow on a bus has no effect, because a
 * role whose own policy has `events:PutEvents` may put events. So these are Denies, which override every Allow.
 * `events:source` has one value for each entry of a call, and one forged entry must suffice for a denial: hence ForAnyValue.
 */
import { AUTH_SOURCE, OWN_SOURCE } from '../lib/event/boundary.ts';
import { arn, type StatementConditions } from './permissions.ts';

/**
 * Makes the policies, by logical id. All roles are logical ids.
 *
 * @param raisingRoles those of `functionRoles` that raise auth events, under a source of their own
 */
export function busPolicies(
  stage: string,
  functionRoles: readonly string[],
  raisingRoles: readonly string[],
  redriveRole: string,
): Record<string, object> {
  const functions = functionRoles.map(arn);
  const byOthers = { ArnNotEquals: { 'aws:PrincipalArn': [...functions, arn(redriveRole)] } };
  const denied: readonly [id: string, bus: string, condition: StatementConditions][] = [
    ['StepsByOthers', 'Bus', { ...byOthers, 'ForAnyValue:StringEquals': { 'events:source': OWN_SOURCE } }],
    [
      'AuthEventsByFunctions',
      'Bus',
      {
        ArnEquals: { 'aws:PrincipalArn': functionRoles.filter((role) => !raisingRoles.includes(role)).map(arn) },
        'ForAnyValue:StringNotEquals': { 'events:source': OWN_SOURCE },
      },
    ],
    [
      'ForeignEventsByFrontDoor',
      'Bus',
      {
        ArnEquals: { 'aws:PrincipalArn': raisingRoles.map(arn) },
        'ForAnyValue:StringNotEquals': { 'events:source': [OWN_SOURCE, AUTH_SOURCE] },
      },
    ],
    [
      'FrontDoorEventsByOthers',
      'Bus',
      {
        ArnNotEquals: { 'aws:PrincipalArn': [...raisingRoles, redriveRole].map(arn) },
        'ForAnyValue:StringEquals': { 'events:source': AUTH_SOURCE },
      },
    ],
    ['OutcomesByOthers', 'ResultsBus', byOthers],
  ];
  return Object.fromEntries(denied.map(([id, bus, condition]) => [`No${id}`, deny(stage, id, bus, condition)]));
}

function deny(stage: string, id: string, bus: string, Condition: StatementConditions): object {
  const Statement = { Effect: 'Deny', Principal: '*', Action: 'events:PutEvents', Resource: arn(bus), Condition };
  const Properties = { EventBusName: { Ref: bus }, StatementId: `tokenwright-${stage}-No${id}`, Statement };
  return { Type: 'AWS::Events::EventBusPolicy', Properties };
}

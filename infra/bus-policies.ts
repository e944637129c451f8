/**
 * Who may put what on the buses. Within one account an Allow on a bus limits nobody: whoever's own policy has
 * `events:PutEvents` may put. So these are Denies, which no other policy outweighs. `events:source` has one value for
 * each entry of a call, and one forged entry among honest ones is enough: ForAnyValue.
 */
import { AUTH_SOURCE, OWN_SOURCE } from '../lib/event/source.ts';
import { arn, type Conditions } from './permissions.ts';

/** Logical ids of the roles that put events. */
export interface PuttingRoles {
  /** Of the functions whose own events are all that they put: steps and outcomes. */
  readonly functions: readonly string[];
  /** Of the front door's functions, which raise auth events and do the steps of `pre` definitions themselves. */
  readonly frontDoor: readonly string[];
  readonly redrive: string;
}

/** The policies by logical id. */
export function busPolicies(stage: string, roles: PuttingRoles): Record<string, object> {
  const functions = roles.functions.map(arn);
  const frontDoor = roles.frontDoor.map(arn);
  const stepsByOthers = { ArnNotEquals: { 'aws:PrincipalArn': [...functions, arn(roles.redrive)] } };
  const outcomesByOthers = { ArnNotEquals: { 'aws:PrincipalArn': [...functions, ...frontDoor, arn(roles.redrive)] } };
  const denied: readonly [id: string, bus: string, condition: Conditions][] = [
    ['StepsByOthers', 'Bus', { ...stepsByOthers, 'ForAnyValue:StringEquals': { 'events:source': OWN_SOURCE } }],
    [
      'AuthEventsByFunctions',
      'Bus',
      {
        ArnEquals: { 'aws:PrincipalArn': functions },
        'ForAnyValue:StringNotEquals': { 'events:source': OWN_SOURCE },
      },
    ],
    [
      'OtherEventsByFrontDoor',
      'Bus',
      {
        ArnEquals: { 'aws:PrincipalArn': frontDoor },
        'ForAnyValue:StringNotEquals': { 'events:source': AUTH_SOURCE },
      },
    ],
    ['OutcomesByOthers', 'ResultsBus', outcomesByOthers],
  ];
  return Object.fromEntries(denied.map(([id, bus, condition]) => [`No${id}`, deny(stage, id, bus, condition)]));
}

function deny(stage: string, id: string, bus: string, Condition: Conditions): object {
  const Statement = { Effect: 'Deny', Principal: '*', Action: 'events:PutEvents', Resource: arn(bus), Condition };
  const Properties = { EventBusName: { Ref: bus }, StatementId: `tokenwright-${stage}-No${id}`, Statement };
  return { Type: 'AWS::Events::EventBusPolicy', Properties };
}

/** Gathers from a template what belongs to each function, so that the tests can ask for it by name. */
import * as z from 'zod/mini';
import { resourcesOf, type Template } from './template.ts';
import type { PolicyStatement } from './wildcards.ts';

const GetArn = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });
const Statements = z.array(z.record(z.string(), z.unknown()));
const Policy = z.object({ Statement: Statements });
const Fields = z.record(z.string(), z.unknown());

const FunctionProperties = z.looseObject({
  FunctionName: z.string(),
  Handler: z.string(),
  Role: GetArn,
  Environment: z.object({ Variables: Fields }),
});
const RoleProperties = z.object({
  AssumeRolePolicyDocument: Policy,
  Policies: z.array(z.looseObject({ PolicyDocument: Policy })),
});
const RuleProperties = z.looseObject({
  Name: z.string(),
  EventBusName: z.unknown(),
  EventPattern: Fields,
  Targets: z.array(z.looseObject({ Arn: GetArn })),
});
const QueuePolicyProperties = z.object({ Queues: z.array(z.object({ Ref: z.string() })), PolicyDocument: Policy });

export interface PackagedRule {
  readonly name: string;
  readonly bus: unknown;
  readonly pattern: Record<string, unknown>;
  readonly target: Record<string, unknown>;
}

/** A function of the template with everything that was made for it. */
export interface PackagedLambda {
  readonly name: string;
  readonly handler: string;
  readonly properties: Record<string, unknown>;
  /** Its variables; what CloudFormation fills in stands as `{Ref}`'s target. */
  readonly environment: Record<string, string>;
  readonly roleId: string;
  readonly statements: readonly PolicyStatement[];
  may(call: string): boolean;
  readonly logGroup: Record<string, unknown> | undefined;
  readonly rules: readonly PackagedRule[];
  /** How Lambda retries it and where failures go. */
  readonly invocation: Record<string, unknown> | undefined;
  readonly queueId: string | undefined;
  readonly queuePolicy: readonly PolicyStatement[] | undefined;
  readonly permissions: readonly Record<string, unknown>[];
}

/** The functions of `template` by their deployed names. */
export function lambdasOf(template: Template): Map<string, PackagedLambda> {
  const all = (type: string) => [...resourcesOf(template, type)];
  const rules = all('AWS::Events::Rule').map(([, { Properties }]) => RuleProperties.parse(Properties));
  const policies = all('AWS::SQS::QueuePolicy').map(([, { Properties }]) => QueuePolicyProperties.parse(Properties));
  const propertiesOf = (type: string) => all(type).map(([, { Properties }]) => Properties ?? {});

  return new Map(
    all('AWS::Lambda::Function').map(([id, resource]) => {
      const properties = FunctionProperties.parse(resource.Properties);
      const roleId = properties.Role['Fn::GetAtt'][0];
      const role = RoleProperties.parse(template.Resources[roleId]?.Properties);
      const statements = role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      const own = rules.flatMap(({ Name: name, EventBusName: bus, EventPattern: pattern, Targets }) =>
        Targets.filter(({ Arn }) => Arn['Fn::GetAtt'][0] === id).map((target) => ({ name, bus, pattern, target })),
      );
      const queueId = GetArn.safeParse(Fields.safeParse(own[0]?.target.DeadLetterConfig).data?.Arn).data?.[
        'Fn::GetAtt'
      ][0];
      const lambda: PackagedLambda = {
        name: properties.FunctionName,
        handler: properties.Handler,
        properties,
        environment: environmentOf(properties.Environment.Variables),
        roleId,
        statements,
        may: (call) => statements.some(({ Action }) => [Action].flat().includes(call)),
        logGroup: propertiesOf('AWS::Logs::LogGroup').find(
          ({ LogGroupName }) => LogGroupName === `/aws/lambda/${properties.FunctionName}`,
        ),
        rules: own,
        invocation: propertiesOf('AWS::Lambda::EventInvokeConfig').find(({ FunctionName }) =>
          refersTo(FunctionName, id),
        ),
        queueId,
        queuePolicy: policies.find(({ Queues }) => Queues.some(({ Ref }) => Ref === queueId))?.PolicyDocument.Statement,
        permissions: propertiesOf('AWS::Lambda::Permission').filter(({ FunctionName }) => refersTo(FunctionName, id)),
      };
      return [lambda.name, lambda] as const;
    }),
  );
}

function environmentOf(variables: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, String(Fields.safeParse(value).data?.Ref ?? value)]),
  );
}

function refersTo(value: unknown, id: string): boolean {
  return JSON.stringify(value).includes(JSON.stringify(id));
}

/** The checker of the packaged template must be able to fail: each case is one mistake in a template that fits. */
import { describe, expect, it } from 'vitest';
import { specificationProblems } from './cloudformation-spec.ts';
import type { TemplateResource } from './template.ts';

const QUEUE = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'letters', SqsManagedSseEnabled: true } };

function rule(target: Record<string, unknown>, more: Record<string, unknown> = {}): TemplateResource {
  return { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['a'] }, Targets: [target], ...more } };
}

function problems(resource: TemplateResource, outputs: Record<string, unknown> = {}): string[] {
  return specificationProblems({ Resources: { Queue: QUEUE, It: resource }, Outputs: outputs });
}

const TARGET = { Id: 'one', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } };

it('accepts a template that fits', () => {
  const retries = { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 60 };
  expect(problems(rule({ ...TARGET, RetryPolicy: retries }, { State: 'ENABLED' }))).toEqual([]);
});

describe('refuses', () => {
  it.each<[what: string, resource: TemplateResource, problem: RegExp]>([
    ['an unknown type', { Type: 'AWS::SQS::Kueue' }, /^Resources\.It: there is no resource type "AWS::SQS::Kueue"$/],
    [
      'an unknown property',
      { ...QUEUE, Properties: { Name: 'x' } },
      /^Resources\.It\.Properties\.Name: unknown, allowed are .*QueueName/,
    ],
    ['an unknown key of a resource', { ...QUEUE, ...{ Depends: 'Queue' } }, /^Resources\.It\.Depends: unknown$/],
    [
      'a missing required property',
      { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { Qualifier: '$LATEST' } },
      /\.FunctionName: missing$/,
    ],
    [
      'an unknown property inside a list',
      rule({ ...TARGET, Retry: 1 }),
      /^Resources\.It\.Properties\.Targets\[0\]\.Retry: unknown/,
    ],
    ['a missing one inside a list', rule({ Id: 'one' }), /^Resources\.It\.Properties\.Targets\[0\]\.Arn: missing$/],
    [
      'an unknown property two levels down',
      rule({ ...TARGET, RetryPolicy: { Attempts: 3 } }),
      /Targets\[0\]\.RetryPolicy\.Attempts: unknown/,
    ],
    [
      'a text for an integer',
      rule({ ...TARGET, RetryPolicy: { MaximumRetryAttempts: 'often' } }),
      /MaximumRetryAttempts: must be an integer, is often$/,
    ],
    ['an object for a list', { ...QUEUE, Properties: { Tags: { stage: 'dev' } } }, /\.Tags: must be a list$/],
    ['a tag without a value', { ...QUEUE, Properties: { Tags: [{ Key: 'stage' }] } }, /\.Tags\[0\]\.Value: missing$/],
    [
      'a value that is not among those allowed',
      rule(TARGET, { State: 'ON' }),
      /\.State: must be one of DISABLED, ENABLED.*is ON$/,
    ],
    [
      'an unknown property where a structure may also come as text',
      table({ AttributeName: 'pk', Kind: 'HASH' }),
      /KeySchema\[0\]\.KeyType: missing$/,
    ],
    [
      'a reference to nothing',
      { ...QUEUE, Properties: { QueueName: { Ref: 'Nobody' } } },
      /^Resources\.It\.Properties\.QueueName: there is no resource Nobody$/,
    ],
    [
      'an attribute that the type does not have',
      rule({ ...TARGET, Arn: { 'Fn::GetAtt': ['Queue', 'Name'] } }),
      /AWS::SQS::Queue has no attribute Name, but /,
    ],
    [
      'a placeholder for nothing',
      { ...QUEUE, Properties: { QueueName: { 'Fn::Sub': 'x-${Nobody.Arn}' } } },
      /no resource Nobody$/,
    ],
    [
      'a dependency on nothing',
      { ...QUEUE, DependsOn: ['Nobody'] },
      /^Resources\.It\.DependsOn: there is no resource Nobody$/,
    ],
    [
      'an unknown function',
      { ...QUEUE, Properties: { QueueName: { 'Fn::Upper': 'x' } } },
      /unknown function Fn::Upper$/,
    ],
  ])('%s', (_, resource, problem) => {
    expect(problems(resource)).toContainEqual(expect.stringMatching(problem));
  });

  it('an output with two functions at once', () => {
    const value = { Value: { Ref: 'Queue', 'Fn::Sub': '${Queue}' } };
    expect(problems(QUEUE, { Url: value })).toEqual(['Outputs.Url.Value: Ref must stand alone']);
  });
});

function table(key: Record<string, unknown>): TemplateResource {
  return { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: [key] } };
}

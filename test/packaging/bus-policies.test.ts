/**
 * test/packaging proves that the packaged template and bundles are complete, minimal, and allow only what is called:
 * `npm run test:packaging`.
 *
 * Decides which roles may put which events on the buses, from the packaged template, as IAM would.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Packaged, packageService } from './packaged.ts';
import { lambdasOf } from './packaged-lambda.ts';
import { decide, PolicyStatement } from './policy-evaluation.ts';
import { resourcesOf, type Template } from './template.ts';

const RoleProperties = z.looseObject({
  Policies: z.array(z.looseObject({ PolicyDocument: z.looseObject({ Statement: z.array(PolicyStatement) }) })),
});
const BusPolicy = z.looseObject({ EventBusName: z.object({ Ref: z.string() }), Statement: PolicyStatement });

/** The policy of a sender or an administrator of the account: all buses, no condition. */
const MAY_PUT_ANYWHERE = [PolicyStatement.parse({ Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' })];

let packaged: Packaged;
let template: Template;

beforeAll(async () => {
  packaged = await packageService();
  template = packaged.template;
});
afterAll(() => packaged?.remove());

function onBus(bus: string, from: Template = template): PolicyStatement[] {
  return [...resourcesOf(from, 'AWS::Events::EventBusPolicy').values()]
    .map(({ Properties }) => BusPolicy.parse(Properties))
    .filter(({ EventBusName }) => EventBusName.Ref === bus)
    .map(({ Statement }) => Statement);
}

function roleStatements(role: string): PolicyStatement[] {
  const { Policies } = RoleProperties.parse(template.Resources[role]?.Properties);
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** A `PutEvents` with one entry for each source. @param principal the role's logical id, or an ARN of somebody else */
function put(bus: string, sources: readonly string[], principal?: string, from = template) {
  const isRole = principal !== undefined && template.Resources[principal]?.Type === 'AWS::IAM::Role';
  const context = {
    'events:source': sources,
    ...(principal === undefined ? {} : { 'aws:PrincipalArn': [isRole ? `${principal}.Arn` : principal] }),
  };
  const own = isRole ? roleStatements(principal) : MAY_PUT_ANYWHERE;
  return decide({ action: 'events:PutEvents', resource: `${bus}.Arn`, context }, own, onBus(bus, from));
}

const SENDER = 'arn:aws:iam::111122223333:role/privacyidea';
const DENIED = 'explicitly denied';

describe('a principal of the account that may put events anywhere', () => {
  it.each<[what: string, bus: string, sources: readonly string[], decision: string]>([
    ['puts auth events', 'Bus', ['privacyidea'], 'allowed'],
    ['puts two auth events in one call', 'Bus', ['privacyidea', 'keycloak'], 'allowed'],
    ['puts no step', 'Bus', ['tokenwright'], DENIED],
    ['puts no step in front of an auth event', 'Bus', ['tokenwright', 'privacyidea'], DENIED],
    ['puts no step behind an auth event', 'Bus', ['privacyidea', 'tokenwright'], DENIED],
    ['puts no two steps', 'Bus', ['tokenwright', 'tokenwright'], DENIED],
    ['puts what only looks like our source, which no rule of ours takes for a step', 'Bus', ['Tokenwright'], 'allowed'],
    ['puts no outcome', 'ResultsBus', ['tokenwright'], DENIED],
    ['puts nothing else on the results bus', 'ResultsBus', ['privacyidea', 'privacyidea'], DENIED],
  ])('%s', (_, bus, sources, decision) => {
    expect(put(bus, sources, SENDER)).toBe(decision);
  });

  it('puts no step where the request names no principal ARN, as that of an AWS service', () => {
    expect(put('Bus', ['tokenwright'])).toBe(DENIED);
    expect(put('ResultsBus', ['aws.s3'])).toBe(DENIED);
  });
});

describe('the role of each function', () => {
  const all = () => [...lambdasOf(template).values()];
  const roles = () => all().flatMap(({ roleId, may }) => (may('events:PutEvents') ? [roleId] : []));

  it('that puts nothing may put nothing', () => {
    const silent = all().filter(({ may }) => !may('events:PutEvents'));
    for (const bus of ['Bus', 'ResultsBus']) {
      expect(silent.filter(({ roleId }) => put(bus, ['tokenwright'], roleId) === 'allowed')).toEqual([]);
    }
  });

  it('puts its outcomes on the results bus', () => {
    expect(roles().map((role) => put('ResultsBus', ['tokenwright', 'tokenwright'], role))).toEqual(
      roles().map(() => 'allowed'),
    );
  });

  it('puts the next step on the bus, except the functions that do all steps themselves', () => {
    const refused = roles().filter((role) => put('Bus', ['tokenwright'], role) !== 'allowed');
    expect(refused).toEqual(['PreRole']);
  });

  it.each([[['privacyidea']], [['tokenwright', 'privacyidea']], [['privacyidea', 'tokenwright']]])(
    'puts no auth event: %s',
    (sources) => {
      expect(roles().filter((role) => put('Bus', sources, role) === 'allowed')).toEqual([]);
    },
  );
});

it('only the front door puts its auth events, and only under its own source', () => {
  const doors = ['ValidateRole', 'AdministrationRole'];
  expect(doors.map((role) => put('Bus', ['tokenwright.auth'], role))).toEqual(['allowed', 'allowed']);
  expect(doors.map((role) => put('Bus', ['tokenwright.auth', 'privacyidea'], role))).toEqual([DENIED, DENIED]);
  expect(put('Bus', ['tokenwright.auth'], SENDER)).toBe(DENIED);
  expect(put('Bus', ['tokenwright.auth'], 'DisableRole')).toBe(DENIED);
  expect(put('Bus', ['tokenwright.auth'], 'RedriveRole')).toBe('allowed');
});

it('the role that redrives dead letters puts back auth events, steps and outcomes', () => {
  expect(put('Bus', ['privacyidea', 'tokenwright'], 'RedriveRole')).toBe('allowed');
  expect(put('ResultsBus', ['tokenwright'], 'RedriveRole')).toBe('allowed');
});

it('keeps the policy of a bus within the 10 KB that EventBridge takes, with ARNs as long as they get', () => {
  // Accounts, partitions and generated role names make an ARN of at most this length where {Fn::GetAtt} stands.
  const LONGEST_ARN = `arn:aws-us-gov:iam::111122223333:role/${'x'.repeat(64)}`;
  for (const bus of ['Bus', 'ResultsBus']) {
    const policy = JSON.stringify(onBus(bus)).replaceAll(/"\w+Role\.Arn"/g, `"${LONGEST_ARN}"`);
    expect(policy.length).toBeLessThan(10_240);
  }
});

describe('these checks, on policies broken on purpose', () => {
  const broken = (change: (statement: Record<string, unknown>) => void): Template => {
    const copy = structuredClone(template);
    const Statement = z.record(z.string(), z.unknown()).parse(copy.Resources.NoStepsByOthers?.Properties?.Statement);
    change(Statement);
    Object.assign(copy.Resources.NoStepsByOthers?.Properties ?? {}, { Statement });
    return copy;
  };

  it('show that an Allow with the same conditions would have no effect', () => {
    const allowOnly = broken((statement) => {
      statement.Effect = 'Allow';
      statement.Condition = { 'ForAllValues:StringNotEquals': { 'events:source': 'tokenwright' } };
    });
    expect(put('Bus', ['tokenwright'], SENDER, allowOnly)).toBe('allowed');
  });

  it('show that ForAllValues would allow a step together with an auth event', () => {
    const forAll = broken((statement) => {
      statement.Condition = { 'ForAllValues:StringEquals': { 'events:source': 'tokenwright' } };
    });
    expect(put('Bus', ['tokenwright'], SENDER, forAll)).toBe(DENIED);
    expect(put('Bus', ['privacyidea', 'tokenwright'], SENDER, forAll)).toBe('allowed');
  });

  it('see an operator that is not evaluated', () => {
    const unknown = broken((statement) => {
      statement.Condition = { StringEqualsIgnoreCase: { 'events:source': 'tokenwright' } };
    });
    expect(() => put('Bus', ['tokenwright'], SENDER, unknown)).toThrow('not known here');
  });
});

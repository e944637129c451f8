import { expect, it } from 'vitest';
import { findOperation } from '../../lib/auth-api/router.ts';

const OPERATIONS = {
  'GET /validate/check': 'check',
  'POST /validate/check': 'check',
  'GET /token': 'list',
  'POST /token/init': 'init',
  'POST /token/enable': 'enable',
  'POST /token/enable/{serial}': 'enable',
  'DELETE /token/{serial}': 'delete',
  'GET /validate/polltransaction/{transaction_id}': 'poll',
};

it.each([
  ['POST', '/validate/check', 'check', {}, null],
  ['GET', '/token/', 'list', {}, null],
  ['GET', '/token', 'list', {}, null],
  ['POST', '/token/enable/A%2FB', 'enable', { serial: 'A/B' }, null],
  ['DELETE', '/token/%zz', 'delete', { serial: '%zz' }, null],
  ['POST', '/k/a.b/validate/check', 'check', {}, 'a.b'],
  ['DELETE', '/iam/token/SP1', 'delete', { serial: 'SP1' }, null],
])('%s %s is %s', (method, path, operation, open, key) => {
  expect(findOperation(OPERATIONS, method, path)).toEqual({ operation, path: open, key });
});

it.each([
  ['PUT', '/validate/check', 405],
  ['GET', '/token/init', 405],
  ['GET', '/nothing', 404],
  ['GET', '/validate/polltransaction/', 404],
  ['GET', '/', 404],
  ['GET', '/k/validate/check', 404],
])('%s %s: %i', (method, path, status) => {
  expect(() => findOperation(OPERATIONS, method, path)).toThrow(expect.objectContaining({ status }));
});

it('says which methods a path has', () => {
  expect(() => findOperation(OPERATIONS, 'PUT', '/validate/check')).toThrow(
    expect.objectContaining({ headers: { allow: 'GET, POST' } }),
  );
});

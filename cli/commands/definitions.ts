import { Command } from '@commander-js/extra-typings';
import { disable, enable } from './definitions/activate.ts';
import { apply } from './definitions/apply.ts';
import { check } from './definitions/check.ts';
import { remove } from './definitions/delete.ts';
import { explain } from './definitions/explain.ts';
import { exportAll } from './definitions/export.ts';
import { history } from './definitions/history.ts';
import { importFile } from './definitions/import.ts';
import { list } from './definitions/list.ts';
import { plan } from './definitions/plan.ts';
import { rollback } from './definitions/rollback.ts';
import { schema } from './definitions/schema.ts';
import { set } from './definitions/set.ts';

export const definitions = new Command('definitions')
  .summary('event handler definitions: list, set, check, plan, apply, history, ...')
  .description('These commands work on the local stack that "dev" or "start" runs, or on AWS with --stage.')
  .addCommand(list)
  .addCommand(set)
  .addCommand(enable)
  .addCommand(disable)
  .addCommand(remove)
  .addCommand(check)
  .addCommand(plan)
  .addCommand(apply)
  .addCommand(history)
  .addCommand(rollback)
  .addCommand(importFile)
  .addCommand(exportAll)
  .addCommand(explain)
  .addCommand(schema);

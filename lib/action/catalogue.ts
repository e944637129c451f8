/** Every action by its name. Definitions are checked against it, and the reference is made from it. */
import type { AnyAction, AnyCreatingAction, ChangingAction } from './action.ts';
import { attachApplication } from './actions/attach-application.ts';
import { changeFailcounter } from './actions/change-failcounter.ts';
import { deleteToken } from './actions/delete.ts';
import { deleteTokeninfo } from './actions/delete-tokeninfo.ts';
import { disable } from './actions/disable.ts';
import { enable } from './actions/enable.ts';
import { enroll } from './actions/enroll.ts';
import { increaseTokeninfo } from './actions/increase-tokeninfo.ts';
import { setCountwindow } from './actions/set-countwindow.ts';
import { setDescription } from './actions/set-description.ts';
import { setFailcounter } from './actions/set-failcounter.ts';
import { setMaxFailcount } from './actions/set-max-failcount.ts';
import { setRandomPin } from './actions/set-random-pin.ts';
import { setTokeninfo } from './actions/set-tokeninfo.ts';
import { setTokenrealm } from './actions/set-tokenrealm.ts';
import { setValidity } from './actions/set-validity.ts';
import { addTokengroup, removeTokengroup } from './actions/tokengroup.ts';
import { unassign } from './actions/unassign.ts';
import type { ACTIONS, ActionName } from './table.ts';

/** One entry for each line of the table: a creating action where the line says `creates`. */
type ByName = {
  readonly [Name in ActionName]: (typeof ACTIONS)[Name] extends { creates: true } ? AnyCreatingAction : ChangingAction;
};

const BY_NAME: ByName = {
  'set tokenrealm': setTokenrealm,
  delete: deleteToken,
  unassign,
  disable,
  enable,
  enroll,
  'set description': setDescription,
  'set validity': setValidity,
  'set countwindow': setCountwindow,
  'set tokeninfo': setTokeninfo,
  'increase tokeninfo': increaseTokeninfo,
  'delete tokeninfo': deleteTokeninfo,
  'set failcounter': setFailcounter,
  'change failcounter': changeFailcounter,
  'set max failcount': setMaxFailcount,
  'set random pin': setRandomPin,
  'add tokengroup': addTokengroup,
  'remove tokengroup': removeTokengroup,
  'attach application': attachApplication,
};

/** In the order of the manual. */
export const actions: readonly AnyAction[] = Object.values(BY_NAME);

/** Finds an action. Case is ignored, because privacyIDEA's exports vary in it. */
export function findAction(name: string): AnyAction | undefined {
  return actions.find((action) => action.name === name.trim().toLowerCase());
}

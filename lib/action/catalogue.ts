/** Every action, by its name: what definitions are checked against, and what the reference is made from. */
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

/** One entry for each line of the table; of the kind that its line says. */
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

/** Finds an action; names are compared without case, as privacyIDEA's exports have them. */
export function findAction(name: string): AnyAction | undefined {
  return actions.find((action) => action.name === name.trim().toLowerCase());
}

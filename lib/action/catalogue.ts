/** Every action, by its name: what definitions are checked against, and what the reference is made from. */
import type { AnyAction } from './action.ts';
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

/** In the order of the manual. */
export const actions: readonly AnyAction[] = [
  setTokenrealm,
  deleteToken,
  unassign,
  disable,
  enable,
  enroll,
  setDescription,
  setValidity,
  setCountwindow,
  setTokeninfo,
  increaseTokeninfo,
  deleteTokeninfo,
  setFailcounter,
  changeFailcounter,
  setMaxFailcount,
  setRandomPin,
  addTokengroup,
  removeTokengroup,
  attachApplication,
];

/** Finds an action; names are compared without case, as privacyIDEA's exports have them. */
export function findAction(name: string): AnyAction | undefined {
  return actions.find((action) => action.name === name.trim().toLowerCase());
}

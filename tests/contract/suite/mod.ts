/**
 * What the program and a platform do together, whichever platform it is.
 *
 * @module
 */

import type { Scene } from "../scene.ts";
import { busy } from "./busy.ts";
import { calls } from "./calls.ts";
import { exports } from "./exports.ts";
import { gates } from "./gates.ts";
import { isolation } from "./isolation.ts";
import { login } from "./login.ts";
import { mutations } from "./mutations.ts";
import { raw } from "./raw.ts";
import { roles } from "./roles.ts";
import { schema } from "./schema.ts";
import { session } from "./session.ts";
import { sweep } from "./sweep.ts";

/** Tests by their names; the platform is at its seed before each. */
export type Suite = Record<string, (scene: Scene) => Promise<void>>;

export const SUITE: Suite = {
  ...login,
  ...session,
  ...gates,
  ...roles,
  ...isolation,
  ...mutations,
  ...busy,
  ...calls,
  ...schema,
  ...raw,
  ...exports,
  ...sweep,
};

/** What can be done to a platform that nobody can put back: logins, and looking at what one may see. */
export const READING: Suite = login;

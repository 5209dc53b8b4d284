/**
 * What the program and a platform do together, whichever platform it is.
 *
 * @module
 */

import type { Scene } from "../scene.ts";
import { browser } from "./browser.ts";
import { busy } from "./busy.ts";
import { crowd } from "./crowd.ts";
import { gates } from "./gates.ts";
import { isolation } from "./isolation.ts";
import { login } from "./login.ts";
import { mutations } from "./mutations.ts";
import { roles } from "./roles.ts";
import { session } from "./session.ts";

/** Tests by their names; the platform is at its seed before each. */
export type Suite = Record<string, (scene: Scene) => Promise<void>>;

export const SUITE: Suite = { ...login, ...session, ...gates, ...roles, ...isolation, ...mutations, ...busy };

/** What takes seconds; with the sandbox it has tests of its own, in `tests/binary/`. */
export const SLOW: Suite = { ...browser, ...crowd };

/**
 * What takes seconds, and machinery. With the sandbox it has tests of its own, in `tests/binary/`.
 *
 * @module
 */

import { browser } from "./browser.ts";
import { crowd } from "./crowd.ts";
import type { Suite } from "./mod.ts";

export const SLOW: Suite = { ...browser, ...crowd };

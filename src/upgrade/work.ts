/**
 * What the verb does, with what the build stamped.
 *
 * @module
 */

import type { App } from "../app.ts";
import * as judging from "./judge.ts";
import { requireOwn } from "./own.ts";
import * as performing from "./perform.ts";

export const upgrade = (app: App, choice: performing.Choice): Promise<performing.Outcome> =>
  performing.upgrade(app, requireOwn(app.system), choice);

export const rollback = (app: App, choice: performing.Choice): Promise<performing.Outcome> =>
  performing.rollback(app, requireOwn(app.system), choice);

export const judge = (app: App, files: readonly string[]): Promise<judging.Verdict[]> =>
  judging.judge(app, requireOwn(app.system), files);

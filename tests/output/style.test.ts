import assert from "node:assert/strict";
import { type ColorChoice, style, wantsColor } from "../../src/output/mod.ts";

Deno.test("colour is decided by the first rule that applies", () => {
  const cases: [ColorChoice, Record<string, string>, terminal: boolean, expected: boolean][] = [
    ["auto", {}, true, true],
    ["auto", {}, false, false],
    ["always", { NO_COLOR: "1", TERM: "dumb" }, false, true],
    ["never", { FORCE_COLOR: "1", CLICOLOR_FORCE: "1" }, true, false],
    ["auto", { NO_COLOR: "1" }, true, false],
    ["auto", { NO_COLOR: "0" }, true, false],
    ["auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    ["auto", { NO_COLOR: "", TERM: "" }, true, true],
    ["auto", { FORCE_COLOR: "1" }, false, true],
    ["auto", { FORCE_COLOR: "3", TERM: "dumb", CLICOLOR: "0" }, false, true],
    ["auto", { FORCE_COLOR: "0" }, true, false],
    ["auto", { FORCE_COLOR: "false", CLICOLOR_FORCE: "1" }, true, false],
    ["auto", { CLICOLOR_FORCE: "1", CLICOLOR: "0" }, false, true],
    ["auto", { CLICOLOR_FORCE: "0" }, false, false],
    ["auto", { CLICOLOR_FORCE: "0" }, true, true],
    ["auto", { TERM: "dumb" }, true, false],
    ["auto", { TERM: "xterm-256color" }, false, false],
    ["auto", { CLICOLOR: "0" }, true, false],
    ["auto", { CLICOLOR: "1" }, true, true],
    ["auto", { CLICOLOR: "1" }, false, false],
  ];
  for (const [choice, env, terminal, expected] of cases) {
    assert.equal(wantsColor(choice, env, terminal), expected, JSON.stringify([choice, env, terminal]));
  }
});

Deno.test("styles wrap and unwrap, or change nothing", () => {
  assert.equal(style(true).red("x"), "\x1b[31mx\x1b[39m");
  assert.equal(style(true).dim("x"), "\x1b[2mx\x1b[22m");
  assert.equal(style(false).bold("x"), "x");
});

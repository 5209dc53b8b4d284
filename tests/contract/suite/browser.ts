/** A real browser on the platform's own pages. */

import assert from "node:assert/strict";
import { execute } from "../../support/harness.ts";
import type { Scene } from "../scene.ts";
import { kept, visitor } from "../visitor.ts";
import type { Suite } from "./mod.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens the address, signs in as the owner, presses the button, and gives the page that comes of it. */
async function click(scene: Scene, url: string, button: "Authorize" | "Cancel"): Promise<string> {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false, args: FLAGS });
  try {
    const page = await browser.newPage();
    const { email, password } = scene.platform.descriptor.users.owner;
    await page.goto(url);
    await page.fill('input[name="email"]', email);
    await page.fill('input[name="password"]', password);
    await page.click("button");
    await page.click(`button:text-is("${button}")`);
    await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/callback\?/);
    return await page.locator("body").innerText();
  } finally {
    await browser.close();
  }
}

async function loginWith(scene: Scene, button: "Authorize" | "Cancel") {
  const page = Promise.withResolvers<string>();
  await using of = await visitor(scene, {
    browser: (url) => void click(scene, url, button).then(page.resolve, page.reject),
    env: { DISPLAY: ":0" },
  });
  const { code, err } = await execute("auth login --tenant acme", of);
  return { code, err, page: await page.promise, kept: kept(of) };
}

const tests: Suite = {
  async "in a real browser: sign in, Authorize, logged in"(scene) {
    const { code, err, page, kept } = await loginWith(scene, "Authorize");
    assert.equal(code, 0, err);
    assert.match(page, /✓ Logged in — return to your terminal/);
    assert.equal(kept.access!.email, "owner@example.test");
  },

  async "in a real browser: sign in, Cancel, exit 4 and nothing kept"(scene) {
    const { code, err, kept } = await loginWith(scene, "Cancel");
    assert.equal(code, 4, err);
    assert.match(err, /denied/);
    assert.deepEqual(kept, {});
  },
};

const installed = await Deno.stat(CHROMIUM).then(() => true, () => false);
if (!installed) console.error(`SKIPPED: a login in a real browser: there is no ${CHROMIUM}`);

export const browser: Suite = installed ? tests : {};

/**
 * Drives a real browser inside a room: `browser.ts EXECUTABLE ADDRESS EMAIL PASSWORD FOLDER` signs in at that address,
 * presses Authorize and prints, as JSON, who asked and what is shown in the end. FOLDER gets the browser's own files and
 * `netlog.json`, all that it asked the network for.
 *
 * @module
 */

import { chromium } from "playwright-core";

const [executablePath, address, email, password, folder] = Deno.args as [string, string, string, string, string];
const off = ["background-networking", "component-update", "sync", "gpu", "quic"].map((what) => `--disable-${what}`);
const args = ["--headless", "--no-sandbox", "--no-first-run", ...off, `--log-net-log=${folder}/netlog.json`];

const env = { HOME: folder, PATH: Deno.env.get("PATH") ?? "" };
const browser = await chromium.launch({ executablePath, headless: true, args, env, timeout: 60_000 });
const page = await browser.newPage();
page.setDefaultTimeout(60_000);
await page.goto(address);
await page.getByLabel("E-mail").fill(email);
await page.getByLabel("Password").fill(password);
await page.getByRole("button", { name: "Sign in" }).click();
const client = await page.locator("strong").textContent();
await page.getByRole("button", { name: "Authorize" }).click();
await page.waitForURL(/^http:\/\/127\.0\.0\.1:87\d\d\/callback/);
await page.waitForLoadState("networkidle");
console.log(JSON.stringify({ client, shown: await page.getByRole("heading").textContent() }));
await browser.close();

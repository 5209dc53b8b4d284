import assert from "node:assert/strict";
import { listen } from "../../src/auth/callback.ts";
import { newAttempt } from "../../src/auth/pkce.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { Serve } from "../../src/system/mod.ts";

const CHROMIUM = "/usr/bin/chromium";

Deno.test({
  name: "the page after a login makes a real browser ask for nothing else, and sends no Referer on",
  ignore: !await installed(),
  // The browser's driver keeps a connection of its own.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const { chromium } = await import("playwright-core");
    const { serve, random } = denoSystem();
    const attempt = await newAttempt(random);
    const asked: string[] = [];
    // The listener stays open, so that a request after the answer would be seen.
    let free = () => Promise.resolve();
    const recording: Serve = {
      ports: [0],
      listen(port, handler) {
        const listener = serve.listen(port, (request) => {
          asked.push(`${request.method} ${request.target.split("?", 1)[0]}`);
          return handler(request);
        });
        free = () => listener.shutdown();
        return { port: listener.port, shutdown: () => Promise.resolve() };
      },
    };
    const callback = listen(recording, attempt, "https://api.example.com", () => {});
    // A page that says nothing about an icon: this browser asks it for one, with the whole address in Referer.
    const icon = Promise.withResolvers<string | null>();
    const plain = serve.listen(0, (request) => {
      if (request.target === "/favicon.ico") icon.resolve(request.headers.referer ?? null);
      return { status: 200, headers: { "Content-Type": "text/html" }, body: "<!doctype html><title>x</title>" };
    });
    const browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => void complaints.push(message.text()));
      const visit = page.goto(`${callback.redirectUri}?code=abc&state=${attempt.state}`);
      assert.equal(await callback.code, "abc");
      await callback.close(true);
      assert.equal((await visit)?.status(), 200);
      assert.match(await page.locator("h1").innerText(), /^✓ Logged in — return to your terminal$/);

      const control = await browser.newPage();
      await control.goto(`http://127.0.0.1:${plain.port}/callback?code=abc`);
      assert.equal(await icon.promise, `http://127.0.0.1:${plain.port}/callback?code=abc`);
      assert.deepEqual(asked, ["GET /callback"]);
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
      await plain.shutdown();
      await free();
    }
  },
});

async function installed(): Promise<boolean> {
  const found = await Deno.stat(CHROMIUM).then(() => true, () => false);
  if (!found) console.error(`SKIPPED: the callback's page in a real browser: there is no ${CHROMIUM}`);
  return found;
}

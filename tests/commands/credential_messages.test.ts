/**
 * The bar of every message about credentials: it names the store, and what to type next. A sweep of what can be wrong
 * with a session over the commands that need one.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Fetch } from "../../src/system/mod.ts";
import { execute, type World } from "../support/harness.ts";
import { credentials, expire, intercept, type Place, PLACES, sessionIn, tamper } from "../support/kept.ts";
import { json } from "../support/scripted.ts";

const COMMANDS = [
  "orders list",
  "tenants list",
  "whoami",
  "whoami --refresh",
  "auth status",
  "auth token",
  "auth refresh",
  "auth logout",
];

/** A command, or a variable to set. */
const TYPE = /\b(autocom [a-z]+|chmod \d+ |rm |mv |ls -ld? |fuser |unset |set HOME)/;

interface Fault {
  about: string;
  /** Only where a session is kept there. */
  place?: Place;
  breaking: (of: World) => unknown;
  /** What stands for the store, when it is neither the keychain nor the file. */
  store?: RegExp;
}

const STATES = ["locked", "hung"] as const;
const REFUSED = json({ error: "invalid_grant", error_description: "The refresh token is invalid." }, 400);

const FAULTS: Fault[] = [
  { about: "no session", breaking: (of) => forget(of) },
  ...STATES.map((state): Fault => ({
    about: `a ${state} keychain`,
    place: "keychain",
    breaking: (of) => (of.keychain.state = state),
  })),
  { about: "no keychain", place: "keychain", breaking: (of) => (of.keychain.state = "no-bus") },
  { about: "a damaged session", breaking: (of) => tamper(of, "access", { v: 0 }) },
  { about: "a session of another origin", breaking: (of) => tamper(of, "access", { origin: "https://other.example" }) },
  {
    about: "a damaged refresh token",
    breaking: async (of) => {
      await tamper(of, "refresh", { v: 0 });
      expire(of);
    },
  },
  {
    about: "a session that cannot be renewed",
    breaking: async (of) => {
      await tamper(of, "refresh", null);
      expire(of);
    },
  },
  {
    about: "a session that the server renews no more",
    breaking: (of) => {
      expire(of);
      intercept(of, "/oauth/token", REFUSED);
    },
  },
  { about: "a token that the server refuses for ever", breaking: (of) => (of.fetch = refuseAll(of)) },
  { about: "a file that others may read", place: "file", breaking: (of) => Deno.chmod(credentials(of), 0o640) },
  { about: "a damaged file", place: "file", breaking: (of) => Deno.writeTextFile(credentials(of), "[]") },
  { about: "a folder where the file should be", place: "file", breaking: (of) => becomeFolder(credentials(of)) },
  { about: "no home", place: "file", breaking: (of) => delete of.env.HOME, store: /credentials|session\.lock/ },
  { about: "a damaged AUTOCOM_TOKEN", breaking: (of) => (of.env.AUTOCOM_TOKEN = "a b"), store: /AUTOCOM_TOKEN/ },
  {
    about: "an AUTOCOM_TOKEN that the server refuses",
    breaking: (of) => (of.env.AUTOCOM_TOKEN = "refused"),
    store: /AUTOCOM_TOKEN/,
  },
];

for (const place of PLACES) {
  for (const fault of FAULTS.filter((one) => (one.place ?? place) === place)) {
    Deno.test(`every message about ${fault.about} (${place}) names the store and what to type next`, async () => {
      let failures = 0;
      for (const command of COMMANDS) {
        await using of = await sessionIn(place);
        await fault.breaking(of);
        const { code, err } = await execute(command, of);
        if (code === 0) continue;
        failures++;
        const [message = "", hint = ""] = err.trimEnd().split("\n").slice(-2);
        assert.match(
          message + hint,
          fault.store ?? (place === "file" ? /\/credentials/ : /Secret Service/),
          `${command}: ${err}`,
        );
        assert.match(hint, /^hint: /, `${command}: ${err}`);
        assert.match(hint, TYPE, `${command}: ${err}`);
      }
      assert.ok(failures > 0, "nothing failed");
    });
  }
}

/** The API answers 401, whatever it is asked; new tokens are given. */
function refuseAll({ fetch }: World): Fetch {
  return async (request) =>
    request.url.endsWith("/oauth/token") ? await fetch(request) : json({ message: "Unauthenticated." }, 401)();
}

async function forget(of: World): Promise<void> {
  of.keychain.items.length = 0;
  await Deno.remove(credentials(of)).catch(() => {});
}

async function becomeFolder(path: string): Promise<void> {
  await Deno.remove(path);
  await Deno.mkdir(path);
}

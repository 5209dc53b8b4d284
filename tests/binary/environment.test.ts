/**
 * Every variable of `autocom help environment`, with every kind of value, on the compiled program: an exit code of the
 * table, never 70, never 0 with nothing done, no hang, no raw control character, no secret. What the runtime does before
 * the first line of the program is in the README, "Known limits", and left out by name.
 *
 * @module
 */

import assert from "node:assert/strict";
import { EXITS } from "../../src/errors.ts";
import { CONVENTIONS, OWN_VARIABLES, RUNTIME } from "../../src/meanings.ts";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";
import { FULL } from "../support/binary/scene.ts";

/** Also read, and said nowhere: other programs set them. */
const PLUMBING =
  "https_proxy all_proxy no_proxy DENO_TLS_CA_STORE LANG PATH DISPLAY DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR"
    .split(" ");
/** Whole families are in steering.test.ts. */
const READ = RUNTIME.map(([name]) => name).filter((name) => !name.includes("*"));
const DOCUMENTED = [...OWN_VARIABLES, ...CONVENTIONS].map(([name]) => name);
const NAMES = [...new Set([...DOCUMENTED, ...READ, ...PLUMBING])];

/** A line of shell for each kind of value. */
const VALUES: Record<string, (name: string, room: Room) => string> = {
  "absent": (name) => `unset ${name}`,
  "empty": (name) => `export ${name}=`,
  "not UTF-8": (name) => `export ${name}="$(printf 'S3CRET\\351')"`,
  "of 127 KB": (name) => `export ${name}="$(head -c 130048 /dev/zero | tr '\\0' S)"`,
  "of control characters": (name) => `export ${name}="$(printf 'S3CRET\\033[2J\\r\\n\\007\\302\\233b')"`,
  "a pipe": (name, { folder }) => `export ${name}='${folder}/pipe'`,
  "a folder": (name, { folder }) => `export ${name}='${folder}/folder'`,
  "a device": (name) => `export ${name}=/dev/zero`,
};

/** A command, and what it prints when it did its work. */
const COMMANDS: [args: string[], done: RegExp][] = [
  [["orders", "list", "-q", "--per-page", "1"], /ORD-2/],
  [["auth", "status"], /acme/],
  [["config", "list"], /api_url/],
  [["doctor"], /version/],
  [["auth", "login", "--no-input", "--login-timeout", "0.1"], /never/],
];

/** Before the first line of the program: README, "Known limits". */
const LIMITS: Record<string, string[]> = {
  LANG: ["of 127 KB", "of control characters", "a pipe", "a folder"],
  SSLKEYLOGFILE: ["a pipe"],
};

/** What decides about a connection over TLS, or the way to it; loopback is never asked through a proxy. */
const FAR = /^(AUTOCOM_CA_BUNDLE|SSL.*|DENO_TLS_CA_STORE|.*_PROXY)$/i;
/** Nobody is there. */
const NOWHERE = "https://192.0.2.1/api/v1";

const COLOURED = ["FORCE_COLOR", "CLICOLOR_FORCE"];
const CODES: readonly number[] = EXITS.map(({ code }) => code).filter((code) => code !== 70);

for (const name of NAMES) {
  binaryTest(`FT-2: ${name} of any kind never ends a command badly`, async (room) => {
    await room.shell(`mkfifo '${room.folder}/pipe' && mkdir '${room.folder}/folder'`);
    await room.signIn();
    const kinds = Object.keys(VALUES).filter((kind) => !LIMITS[name]?.includes(kind));
    if (FAR.test(name)) await Promise.all(kinds.map((kind) => isRefused(room, name, kind)));
    for (const [turn, kind] of kinds.entries()) {
      // All five of them in the task `test:environment`, with AUTOCOM_BARS=full.
      const commands = COMMANDS.filter((_, at) => FULL || at === (turn + NAMES.indexOf(name)) % COMMANDS.length);
      await Promise.all(commands.map(([args, done]) => holds(room, name, kind, args, done)));
    }
  });
}

/** The connection fails, or the variable is refused by its name: whatever it holds, the runtime says nothing of its own. */
async function isRefused(room: Room, name: string, kind: string): Promise<void> {
  const env = { AUTOCOM_API_URL: NOWHERE, AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" };
  const codes = ["absent", "empty"].includes(kind) ? [10] : [3, 10];
  const { code, err } = await holds(room, name, kind, ["orders", "list"], /never/, { env, codes });
  assert.match(err, /^error: .*\nhint: .*\n$/, `${name} ${kind}`);
  if (code === 3) assert.ok(err.includes(name), err);
}

async function holds(
  room: Room,
  name: string,
  kind: string,
  args: string[],
  done: RegExp,
  { env = {}, codes = CODES }: { env?: Record<string, string>; codes?: readonly number[] } = {},
): Promise<{ code: number; err: string }> {
  // Whatever hangs is killed by the room, and ends with 137.
  const shell = `${VALUES[kind]!(name, room)}; exec "$@"`;
  const { code, out, err } = await room.run(args, { env, shell });
  const told = `${name} ${kind}: autocom ${args.join(" ")} ended with ${code}\n${out.slice(-500)}\n${err.slice(-500)}`;
  assert.ok(codes.includes(code), told);
  // deno-lint-ignore no-control-regex
  const bare = (text: string) => COLOURED.includes(name) ? text.replaceAll(/\x1b\[\d+m/g, "") : text;
  if (code === 0) assert.match(bare(out), done, told);
  else assert.match(bare(err), /^error: /m, told);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(bare(out + err), /[\x00-\x08\x0b-\x1f\x7f-\x9f]/, told);
  if (/TOKEN$|PROXY$/i.test(name)) assert.ok(!(out + err).includes("S3CRET"), told);
  return { code, err };
}

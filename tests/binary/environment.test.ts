/**
 * Every variable of `autocom help environment`, with every kind of value, on the compiled program: an exit code of the
 * table, never 70, never 0 with nothing done, no hang, no raw control character, no secret. What the runtime does before
 * the first line of the program is in the README, "Known limits", and left out by name.
 *
 * @module
 */

import assert from "node:assert/strict";
import { EXITS } from "../../src/errors.ts";
import { CONVENTIONS, OWN_VARIABLES } from "../../src/meanings.ts";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";
import { FULL } from "../support/binary/scene.ts";

/** Also read, and said nowhere: other programs set them. */
const PLUMBING =
  "https_proxy all_proxy no_proxy DENO_TLS_CA_STORE LANG PATH DISPLAY DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR"
    .split(" ");
const NAMES = [...OWN_VARIABLES.map(([name]) => name), ...CONVENTIONS.map(([name]) => name), ...PLUMBING];

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
const LIMITS: Record<string, string[]> = { LANG: ["of 127 KB", "of control characters", "a pipe", "a folder"] };

/** FT-18: a pipe or a device is opened for good. Goes with its mending. */
LIMITS.AUTOCOM_CA_BUNDLE = ["a pipe", "a device"];

const COLOURED = ["FORCE_COLOR", "CLICOLOR_FORCE"];
const CODES: readonly number[] = EXITS.map(({ code }) => code).filter((code) => code !== 70);

for (const name of NAMES) {
  binaryTest(`FT-2: ${name} of any kind never ends a command badly`, async (room) => {
    await room.shell(`mkfifo '${room.folder}/pipe' && mkdir '${room.folder}/folder'`);
    await room.signIn();
    const kinds = Object.keys(VALUES).filter((kind) => !LIMITS[name]?.includes(kind));
    for (const [turn, kind] of kinds.entries()) {
      // All five of them in the task `test:environment`, with AUTOCOM_BARS=full.
      const commands = COMMANDS.filter((_, at) => FULL || at === (turn + NAMES.indexOf(name)) % COMMANDS.length);
      await Promise.all(commands.map(([args, done]) => holds(room, name, kind, args, done)));
    }
  });
}

async function holds(room: Room, name: string, kind: string, args: string[], done: RegExp): Promise<void> {
  // Whatever hangs is killed by the room, and ends with 137.
  const shell = `${VALUES[kind]!(name, room)}; exec "$@"`;
  const { code, out, err } = await room.run(args, { shell });
  const told = `${name} ${kind}: autocom ${args.join(" ")} ended with ${code}\n${out.slice(-500)}\n${err.slice(-500)}`;
  assert.ok(CODES.includes(code), told);
  // deno-lint-ignore no-control-regex
  const bare = (text: string) => COLOURED.includes(name) ? text.replaceAll(/\x1b\[\d+m/g, "") : text;
  if (code === 0) assert.match(bare(out), done, told);
  else assert.match(bare(err), /^error: /m, told);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(bare(out + err), /[\x00-\x08\x0b-\x1f\x7f-\x9f]/, told);
  if (/TOKEN$|PROXY$/i.test(name)) assert.ok(!(out + err).includes("S3CRET"), told);
}

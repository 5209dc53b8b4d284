/**
 * Commands of the program, and the scenes in which they are played.
 *
 * @module
 */

import { everyVerb } from "../../../src/commands/mod.ts";
import type { Pair } from "../../platform/sandbox/mod.ts";
import { abstractOf } from "../keychain/gnome_keyring.ts";
import { INTROSPECTION } from "../gateway.ts";
import { PATH } from "../programs.ts";
import { enter, type Room } from "./room.ts";
import type { Ended } from "./running.ts";
import type { Situation } from "./situations.ts";
import { openStage, type Stage } from "./stage.ts";

/** Every bar in full, whatever time it takes. */
export const FULL = Deno.env.get("AUTOCOM_BARS") === "full";

/** A line of shell as a help shows it, and the command that it is about. */
export interface Line {
  command: string;
  text: string;
  /** Looks for a session. */
  session: boolean;
}

/** Has examples for released programs alone: binary/upgrade.test.ts runs them on some. */
export const RELEASED = "upgrade";
const VERBS = (await everyVerb()).filter(({ words }) => words !== RELEASED);

/** The examples of every command that need no browser, in the order of the map: a new command is in it. */
export function lines(): Line[] {
  return VERBS.flatMap(({ words, verb }) => {
    const about = { command: words, session: verb.needs.before.includes("run") };
    const runnable = verb.examples.filter((text) => !/^curl |auth login (?!--token-stdin)/.test(text));
    return runnable.map((text) => ({ ...about, text }));
  });
}

/** The lines that matter most: the last one of each command that looks for a session, and does so. */
export function fewLines(): Line[] {
  const all = lines().filter(({ session, text }) => session && !text.includes("--dry-run"));
  return [...new Map(all.map((line) => [line.command, line])).values()];
}

/** Where a command runs: a HOME and an environment of its own. */
export interface Scene {
  room: Room;
  stage: Stage;
  home: string;
  env: Record<string, string>;
}

/** What a command said, where, and the session that it had. */
export interface Played extends Ended {
  line: Line;
  situation: Situation;
  scene: Scene;
  session: Pair | undefined;
}

export interface Sweep {
  situations: readonly Situation[];
  lines(situation: Situation): Line[];
  /** The path of what `autocom` is in a scene. */
  program(scene: Scene): Promise<string> | string;
  /** Called after each line, while its scene is there. */
  look(played: Played): Promise<void>;
}

/** As many as are played in one room before its programs grow too old. */
const PLAYS = 12;

/** Plays lines in situations, three rooms at a time. */
export async function sweep(binary: string, { situations, lines, program, look }: Sweep): Promise<void> {
  const plays = situations.flatMap((situation) => lines(situation).map((line) => ({ situation, line })));
  const alike = Object.values(Object.groupBy(plays, ({ situation: { keyring, way } }) => `${keyring} ${way}`));
  const parts = alike.flatMap((plays = []) =>
    Array.from({ length: Math.ceil(plays.length / PLAYS) }, (_, part) => plays.slice(part * PLAYS, (part + 1) * PLAYS))
  );
  const work = async () => {
    for (let part = parts.shift(); part; part = parts.shift()) {
      const { keyring, way } = part[0]!.situation;
      await using room = await enter(binary);
      await using stage = await openStage(room);
      if (way === "library") await hideSecretTool(room);
      const found: Record<string, string> = keyring ? await room.errand("keyring", keyring) : {};
      if (way) found.DBUS_SESSION_BUS_ADDRESS = abstractOf(found.DBUS_SESSION_BUS_ADDRESS);
      for (const { situation, line } of part) {
        await stage.reset();
        await look(await play(await newScene(room, stage, found), situation, line, program));
      }
    }
  };
  const ended = await Promise.allSettled([work(), work(), work()]);
  for (const end of ended) if (end.status === "rejected") throw end.reason;
}

/** One line in a fresh scene. */
async function play(scene: Scene, situation: Situation, line: Line, program: Sweep["program"]): Promise<Played> {
  const { room, home, env } = scene;
  for (const folder of ["bin", "cwd", "tmp"]) await Deno.mkdir(`${home}/${folder}`);
  const session = await situation.set(scene);
  await Deno.symlink(await program(scene), `${home}/bin/autocom`);
  const ended = await room.program(["sh", "-c", line.text], { env, cwd: `${home}/cwd` }).end();
  return { ...ended, line, situation, scene, session };
}

/** A HOME of its own in the room, with a tenant; `found` are the variables by which a keyring is found. */
export async function newScene(room: Room, stage: Stage, found: Record<string, string> = {}): Promise<Scene> {
  const home = await Deno.makeTempDir({ dir: room.folder, prefix: "home-" });
  await Deno.mkdir(`${home}/.autocom`, { mode: 0o700 });
  await Deno.writeTextFile(`${home}/.autocom/config.toml`, 'tenant = "acme"\n', { mode: 0o600 });
  await Deno.writeTextFile(`${home}/.autocom/introspection.json`, JSON.stringify(INTROSPECTION));
  const env = {
    ...found,
    HOME: home,
    TMPDIR: `${home}/tmp`,
    PATH: `${home}/bin:${PATH}`,
    AUTOCOM_API_URL: stage.apiUrl,
    TOKEN: stage.platform.users.owner.pat,
    FILE: `${home}/.autocom/introspection.json`,
  };
  return { room, stage, home, env };
}

async function hideSecretTool(room: Room): Promise<void> {
  await room.shell(
    `mkdir /.hidden /.hidden/upper /.hidden/work && cp "$(command -v secret-tool)" /.hidden/secret-tool &&
    mount -t overlay -o lowerdir=/usr/bin,upperdir=/.hidden/upper,workdir=/.hidden/work room /usr/bin &&
    rm /usr/bin/secret-tool`,
  );
}

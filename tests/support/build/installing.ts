/**
 * install.sh of a small release, run by every shell there is.
 *
 * @module
 */

import { delimiter, join } from "node:path";
import { filesOf, type ReleaseServer, releaseServer } from "../../platform/releases/server.ts";
import { smallRelease, testKey } from "./small_release.ts";

export const VERSION = "2.0.0";
export const SHELLS = await Array.fromAsync(
  [["dash"], ["bash", "--posix"], ["bash"], ["busybox", "sh"], ["zsh"]],
  async (shell) => await has(shell[0]!) ? [shell] : [],
)
  .then((found) => found.flat());
export const ignore = Deno.build.os !== "linux";

export interface Scene {
  server: ReleaseServer;
  folder: string;
  script: string;
}

export async function inScene(body: (scene: Scene) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "autocom install " });
  await using server = releaseServer();
  try {
    const out = join(folder, "release");
    await smallRelease({ folder: out, version: VERSION, key: await testKey(), project: server.project });
    server.publish(VERSION, await filesOf(out));
    await body({ server, folder, script: await Deno.readTextFile(join(out, "install.sh")) });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a script as a file, with the tools of `tools` alone before the system's. */
export async function run(
  scene: Scene,
  shell: string[],
  script: string,
  args: string[] = [],
  given?: string,
  env: Record<string, string> = {},
): Promise<Ran> {
  const path = join(scene.folder, "install.sh");
  await Deno.writeTextFile(path, script);
  // Nobody's machine gets a program, whoever runs the tests.
  const user = await programs(scene, { id: "echo 1000" });
  const command = new Deno.Command(shell[0]!, {
    args: [...shell.slice(1), path, ...args],
    clearEnv: true,
    env: {
      PATH: [given, user, "/usr/bin", "/bin"].filter(Boolean).join(delimiter),
      HOME: join(scene.folder, "home"),
      ...env,
    },
    cwd: scene.folder,
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** A folder of programs that stand before the system's. */
export async function programs(scene: Scene, bodies: Record<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir({ dir: scene.folder });
  for (const [name, body] of Object.entries(bodies)) {
    await Deno.writeTextFile(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  return folder;
}

export const listed = async (folder: string) => {
  try {
    return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
  } catch {
    return [];
  }
};

export async function has(command: string): Promise<boolean> {
  try {
    await new Deno.Command(command, { args: ["--help"], stdin: "null", stdout: "null", stderr: "null" }).output();
    return true;
  } catch {
    console.error(`SKIPPED: ${command} is not installed`);
    return false;
  }
}

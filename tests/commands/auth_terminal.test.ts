import assert from "node:assert/strict";
import { resolve } from "node:path";
import { denoDir } from "../../build/process.ts";
import { walkAuthorize } from "../platform/browser.ts";
import { createSandbox, type Sandbox, serveSandbox } from "../platform/sandbox/mod.ts";
import { CACHED } from "../support/cached.ts";

const ROOT = resolve(import.meta.dirname!, "../..");

/** The program in a terminal of its own: util-linux's `script` makes one. */
class Terminal implements AsyncDisposable {
  /** All that the terminal showed so far. */
  shown = "";
  readonly #child: Deno.ChildProcess;
  readonly #output: ReadableStreamDefaultReader<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  constructor(command: string, env: Record<string, string>) {
    const line = `tty; trap : INT; ${command}; echo "exit=$?"; stty -a; echo end`;
    const args = ["-qec", line, "/dev/null"];
    this.#child = new Deno.Command("script", { args, env, clearEnv: true, stdin: "piped", stdout: "piped", cwd: ROOT })
      .spawn();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#input = this.#child.stdin.getWriter();
  }

  /** Waits until the terminal shows that; returns its first group. */
  async see(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.shown);
      if (found) return found[1] ?? found[0];
      const { value, done } = await this.#output.read();
      if (done) throw new Error(`the terminal never showed ${pattern}:\n${this.shown}`);
      this.shown += value;
    }
  }

  async type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Waits until the mode of the terminal, as `stty -a` tells it, is that. */
  async mode(pattern: RegExp): Promise<void> {
    const device = await this.see(/(\/dev\/\S+)/);
    let told = "";
    for (let times = 0; times < 500; times++) {
      const { stdout } = await new Deno.Command("stty", { args: ["-F", device, "-a"] }).output();
      told = new TextDecoder().decode(stdout);
      if (pattern.test(told)) return;
    }
    throw new Error(`the terminal's mode never was ${pattern}:\n${told}`);
  }

  async [Symbol.asyncDispose]() {
    try {
      this.#child.kill("SIGKILL");
    } catch { /* it has ended by itself */ }
    await this.#input.close().catch(() => {});
    await this.#output.cancel();
    await this.#child.status;
  }
}

/** `auth login --no-browser` in a terminal, against a platform of its own. */
async function login(work: (terminal: Terminal, sandbox: Sandbox, home: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir({ prefix: "autocom-" });
  const sandbox = await createSandbox();
  const platform = serveSandbox(sandbox);
  const env = {
    HOME: home,
    PATH: "/usr/bin:/bin",
    SHELL: "/bin/sh",
    DENO_DIR: await denoDir(ROOT),
    AUTOCOM_API_URL: `${platform.url}/api/v1`,
    AUTOCOM_CLIENT_ID: sandbox.clientId,
  };
  const command = `'${Deno.execPath()}' run -A ${
    CACHED.map((flag) => `'${flag}'`).join(" ")
  } main.ts auth login --no-browser --tenant acme --store file`;
  try {
    await using terminal = new Terminal(command, env);
    await work(terminal, sandbox, home);
  } finally {
    await platform.shutdown();
    sandbox.close();
    await Deno.remove(home, { recursive: true });
  }
}

const RAW = /^(?=.* -icanon )(?=.* -echo )isig /m;
const COOKED = /^(?=.* icanon )(?=.* echo )isig /m;

const ignore = !await canRun();

Deno.test({
  name: "4,500 characters pass a real terminal in raw mode, are not echoed, and the mode is put back",
  ignore,
  fn: () =>
    login(async (terminal, sandbox, home) => {
      const url = await terminal.see(/ {2}(http\S+oauth\/authorize\S+)/);
      const { email, password } = sandbox.descriptor().users.owner;
      const callback = await walkAuthorize((request) => sandbox.fetch(request), url, { email, password });
      const paste = `${callback}&padding=`.padEnd(4_500, "x");
      await terminal.mode(RAW);
      await terminal.type(`${paste}\r`);
      await terminal.see(/4500 characters received\./);
      await terminal.see(/Logged in to/);
      await terminal.see(/exit=0\r\n/);
      await terminal.see(/\nend\r\n/);
      assert.match(terminal.shown.split("exit=0")[1]!, COOKED);
      const code = new URL(callback).searchParams.get("code")!;
      for (const secret of [code, code.slice(0, 40), "xxxxxxxxxx"]) assert.ok(!terminal.shown.includes(secret));
      assert.ok((await Deno.stat(`${home}/.autocom/credentials`)).isFile);
    }),
});

Deno.test({
  name: "OA-30: Ctrl-C in a real terminal ends a login with 130, and the mode is put back",
  ignore,
  fn: () =>
    login(async (terminal, _sandbox, home) => {
      await terminal.see(/Waiting for your approval/);
      await terminal.mode(RAW);
      await terminal.type("\x03");
      await terminal.see(/exit=130\r\n/);
      await terminal.see(/\nend\r\n/);
      assert.match(terminal.shown.split("exit=130")[1]!, COOKED);
      await assert.rejects(Deno.stat(`${home}/.autocom/credentials`), Deno.errors.NotFound);
    }),
});

async function canRun(): Promise<boolean> {
  const found = Deno.build.os === "linux" && await Deno.stat("/usr/bin/script").then(() => true, () => false);
  if (!found) console.error("SKIPPED: the login in a real terminal: there is no /usr/bin/script of util-linux");
  return found;
}

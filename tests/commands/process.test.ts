/** The program as a process of its own, in a hostile folder: where a pipe, an authority or a crash is real. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { AUTHORITY, GOOD } from "../support/api/certificates.ts";
import { createSandbox, serveSandbox } from "../platform/sandbox/mod.ts";
import { CACHED } from "../support/cached.ts";

const ROOT = join(import.meta.dirname!, "../..");

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** A folder whose files would change everything, were they read. CF-22 */
async function hostileFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "autocom hostile " });
  const traps: Record<string, string> = {
    ".env": "AUTOCOM_API_URL=https://evil.example\nAUTOCOM_TOKEN=evil\n",
    "config.toml": 'api_url = "https://evil.example"\n',
    "secret-tool": "#!/bin/sh\ntouch trapped\n",
    "xdg-open": "#!/bin/sh\ntouch trapped\n",
  };
  for (const [name, text] of Object.entries(traps)) await Deno.writeTextFile(join(path, name), text, { mode: 0o755 });
  return {
    path,
    async [Symbol.asyncDispose]() {
      await assert.rejects(Deno.stat(join(path, "trapped")), "nothing of the folder was run");
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** Runs a program to its end in that folder, with this environment alone. */
async function start(program: string, args: string[], cwd: string, env: Record<string, string>): Promise<Ended> {
  const kept = ["PATH", "HOME", "DENO_DIR"].flatMap((name) => Deno.env.get(name) ? [[name, Deno.env.get(name)!]] : []);
  const home = { DENO_DIR: join(Deno.env.get("HOME") ?? "/", ".cache/deno"), ...Object.fromEntries(kept), HOME: cwd };
  const child = new Deno.Command(program, { args, cwd, clearEnv: true, env: { ...home, ...env } });
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), err: decode(stderr) };
}

const deno = (
  script: string,
) => ["run", "-A", "--no-check", ...CACHED, "--config", join(ROOT, "deno.json"), script];
const MAIN = deno(join(ROOT, "main.ts"));

Deno.test("OI-7, CF-22, TR-10: a reader that goes away ends the process with 141 and silence; loopback needs no proxy", async () => {
  await using folder = await hostileFolder();
  const sandbox = await createSandbox();
  const served = serveSandbox(sandbox);
  const env = {
    AUTOCOM_API_URL: `${served.url}/api/v1`,
    AUTOCOM_TOKEN: sandbox.pat("owner"),
    AUTOCOM_TENANT: "acme",
    // Nobody is there: a request through it would fail.
    HTTP_PROXY: "http://127.0.0.1:1",
    ALL_PROXY: "http://127.0.0.1:1",
  };
  const { out, err } = await start(
    "bash",
    [
      "-c",
      'exec 3>&1; { "$@" 3>&-; echo "code $?" >&3; } | head -n 1',
      "-",
      Deno.execPath(),
      ...MAIN,
      "orders",
      "list",
      "--all",
      "-o",
      "tsv",
    ],
    folder.path,
    env,
  );
  assert.deepEqual([out.split("\n").toSorted(), err], [
    ["", "ORDER\tSTATUS\tTOTAL\tCURRENCY\tCREATED", "code 141"],
    "",
  ]);
  await served.shutdown();
  sandbox.close();
});

Deno.test("TR-13: AUTOCOM_CA_BUNDLE adds an authority; without it the certificate is exit 10; no variable of ours skips the check", async () => {
  await using folder = await hostileFolder();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, ...GOOD },
    () => Response.json({ tenants: [] }),
  );
  const bundle = join(folder.path, "authority.pem");
  await Deno.writeTextFile(bundle, AUTHORITY);
  const env = { AUTOCOM_API_URL: `https://127.0.0.1:${server.addr.port}/api/v1`, AUTOCOM_TOKEN: "token" };
  const line = [...MAIN, "tenants", "list", "-o", "json"];
  const [without, with_] = await Promise.all([
    start(Deno.execPath(), line, folder.path, { ...env, AUTOCOM_INSECURE: "1", NODE_TLS_REJECT_UNAUTHORIZED: "0" }),
    start(Deno.execPath(), line, folder.path, { ...env, AUTOCOM_CA_BUNDLE: bundle }),
  ]);
  assert.equal(without.code, 10, without.err);
  assert.match(without.err, /is trusted neither by this system nor by AUTOCOM_CA_BUNDLE/);
  assert.deepEqual(with_, { code: 0, out: "[]\n", err: "" });
  await server.shutdown();
});

Deno.test("LK-7: a rejection that nobody handled ends the process with 70, a generic line and no secret", async () => {
  await using folder = await hostileFolder();
  const script = join(folder.path, "crash.ts");
  const from = (path: string) => JSON.stringify(new URL(path, `file://${ROOT}/`).href);
  await Deno.writeTextFile(
    script,
    `import { run } from ${from("src/run.ts")};
     import { denoSystem } from ${from("src/system/deno.ts")};
     const system = denoSystem();
     const fetch = () => new Promise(() => { Promise.reject(new Error("Bearer SECRET-SECRET-SECRET-SECRET \\x1b[2J")); });
     Deno.exit(await run(["orders", "list"], { ...system, fetch }));`,
  );
  const env = { AUTOCOM_API_URL: "https://api.example/api/v1", AUTOCOM_TOKEN: "SECRET-SECRET-SECRET-SECRET" };
  const { code, out, err } = await start(Deno.execPath(), deno(script), folder.path, env);
  assert.deepEqual([code, out], [70, ""], err);
  assert.match(err, /^error: autocom failed unexpectedly\nhint: [^\n]*\n$/);
});

/**
 * What autocom is measured against: programs, a platform, a keyring.
 *
 * @module
 */

import { basename, delimiter, dirname, join, resolve } from "node:path";
import { embed } from "../embed.ts";
import { PERMISSIONS } from "../permissions.ts";
import { BuildError, denoDir, LOCKED } from "../process.ts";
import { runtime } from "../runtime.ts";
import { fileName, targetOf } from "../targets.ts";
import { once, type Run } from "./times.ts";

export const ROOT = resolve(import.meta.dirname!, "../..");
export const HOST = targetOf(Deno.build.target);
/** Of a program that is measured against the empty one, and of that. */
export const COPIES = 4;

/** A compiled program that does nothing: what no program built this way can be faster than. */
export async function emptyProgram(work: string): Promise<Run> {
  const empty = await compiled(work, "empty program", "");
  return { ...empty, copies: await copied(dirname(empty.program), empty.program, COPIES) };
}

/** Five lines that send what `orders list` sends and print what it prints: the floor of a command. */
export async function floorProgram(work: string, list: Run): Promise<Run> {
  const code = `const { AUTOCOM_API_URL, AUTOCOM_TOKEN, AUTOCOM_TENANT } = Deno.env.toObject();
const headers = { authorization: "Bearer " + AUTOCOM_TOKEN, "x-tenant": AUTOCOM_TENANT, "content-type": "application/json" };
const answer = await fetch(AUTOCOM_API_URL + "/graphql", { method: "POST", headers, body: Deno.args[0] });
const rows = (await answer.json()).data.orders.data.map((o) => [o.order_number, o.status, o.total, o.currency, o.created_at]);
await Deno.stdout.write(new TextEncoder().encode(rows.map((row) => row.join("\\t") + "\\n").join("")));`;
  const { body } = await recorded(list);
  return { ...await compiled(work, "five lines with that request", code), args: [body], env: list.env! };
}

/**
 * Copies, as many as there are of what they are measured against: how a file came into the system's memory decides over as
 * much as 2.5 ms of a start (measured: the same bytes, copied twice). So several take turns where the bar is narrower.
 */
export async function copied(work: string, program: string, count = 1): Promise<string[]> {
  const copies = Array.from({ length: count }, (_, at) => join(work, `copy-${at}`, basename(program)));
  for (const copy of copies) {
    await Deno.mkdir(dirname(copy));
    await Deno.copyFile(program, copy);
  }
  return copies;
}

async function compiled(work: string, name: string, code: string): Promise<Run> {
  const home = join(work, name.replaceAll(" ", "-"));
  const chunks = join(home, "program");
  await Deno.mkdir(chunks, { recursive: true });
  await Deno.writeTextFile(join(chunks, "main.js"), code);
  const given = { release: false, denoDir: await denoDir(ROOT), given: Deno.env.get("DENORT_BIN"), fetch };
  const { env } = await runtime({ target: HOST, ...given });
  const all = { [HOST.permissions]: { ...PERMISSIONS[HOST.permissions], env: true } };
  const program = join(home, fileName(HOST));
  await embed({ chunks, entry: "main.js", target: HOST, permissions: all, env, out: program });
  return { name, program, args: [] };
}

/** The sandbox as a process of its own, and the environment that points autocom at it. */
export async function sandbox(
  work: string,
  switches: Record<string, string> = {},
): Promise<AsyncDisposable & { url: string; env: Record<string, string> }> {
  const seed = join(work, "seed.json");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...LOCKED, "-A", "tests/platform/sandbox/main.ts", "--seed-file", seed],
    cwd: ROOT,
    env: switches,
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const stdout = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (let said = ""; !said.includes("\nready ");) {
    const { value, done } = await stdout.read();
    if (done) throw new BuildError("the sandbox ended before it was ready");
    said += value;
  }
  const { url, users } = JSON.parse(await Deno.readTextFile(seed));
  return {
    url,
    env: { AUTOCOM_API_URL: `${url}/api/v1`, AUTOCOM_TENANT: "acme", AUTOCOM_TOKEN: users.owner.pat },
    async [Symbol.asyncDispose]() {
      child.kill("SIGINT");
      await stdout.cancel();
      await child.status;
    },
  };
}

/** `gh api` with the very request that autocom sends, recorded by a server in between; undefined without gh. */
export async function ghApi(autocom: Run, url: string, work: string): Promise<Run | undefined> {
  const program = await installed(Deno.build.os === "windows" ? "gh.exe" : "gh");
  if (!program) return undefined;
  const request = await recorded(autocom);
  const headers = ["accept", "authorization", "x-tenant"].flatMap((
    name,
  ) => ["--header", `${name}: ${request.headers.get(name)}`]);
  return {
    name: "gh api, same request",
    program,
    args: ["api", `${url}${request.path}`, "--method", "POST", "--input", "-", ...headers],
    env: { GH_TOKEN: "none", GH_CONFIG_DIR: join(work, "gh"), GH_NO_UPDATE_NOTIFIER: "1" },
    stdin: request.body,
  };
}

/** The request that a run sends. */
async function recorded(run: Run): Promise<{ path: string; headers: Headers; body: string }> {
  const requests: { path: string; headers: Headers; body: string }[] = [];
  const recorder = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    requests.push({ path: new URL(request.url).pathname, headers: request.headers, body: await request.text() });
    return Response.json({});
  });
  const here = { AUTOCOM_API_URL: `http://127.0.0.1:${recorder.addr.port}/api/v1` };
  await once({ ...run, env: { ...run.env, ...here } });
  await recorder.shutdown();
  const [request] = requests;
  if (!request) throw new BuildError("autocom sent no request");
  return request;
}

/** Its path among those of PATH. */
async function installed(name: string): Promise<string | undefined> {
  const paths = (Deno.env.get("PATH") ?? "").split(delimiter).map((folder) => join(folder, name));
  const there = await Promise.all(paths.map((path) => Deno.stat(path).then(({ isFile }) => isFile, () => false)));
  return paths[there.indexOf(true)];
}

/** The same command with its session in a GNOME Keyring of its own; undefined where one cannot be had. */
export async function keyringWith(list: Run, work: string): Promise<AsyncDisposable & { stored: Run } | undefined> {
  const home = join(work, "keyring");
  await Deno.mkdir(home);
  const script = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; " +
    'echo "$DBUS_SESSION_BUS_ADDRESS"; read -r _';
  const session = new Deno.Command("dbus-run-session", {
    args: ["--", "sh", "-c", script],
    env: { HOME: home },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  });
  let child: Deno.ChildProcess;
  try {
    child = session.spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const { value } = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  const { AUTOCOM_TOKEN, ...rest } = list.env!;
  const env = { ...rest, HOME: home, DBUS_SESSION_BUS_ADDRESS: value?.trim() ?? "" };
  const login = ["auth", "login", "--token-stdin", "--store", "keychain"];
  const { code } = await once({ ...list, program: list.program, args: login, env, stdin: AUTOCOM_TOKEN! });
  const end = async () => {
    await child.stdin.close();
    await child.status;
  };
  if (code !== 0) {
    await end();
    return undefined;
  }
  return { stored: { ...list, name: "a session in the keychain", env }, [Symbol.asyncDispose]: end };
}

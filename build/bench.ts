/**
 * `deno task bench [--rounds N]`: is the compiled program as fast as it has to be? Each pair of programs runs in turns,
 * so that the machine's mood hits both; the median of the rounds' ratios counts. Exits 1 when a bar is missed.
 *
 * @module
 */

import { basename, delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundle, LIMIT, seal } from "./bundle.ts";
import { embed } from "./embed.ts";
import { readIfThere } from "./pinned.ts";
import { BuildError, denoDir, LOCKED } from "./process.ts";
import { runtime } from "./runtime.ts";
import { fileName, targetOf } from "./targets.ts";

interface Run {
  program: string;
  args: string[];
  env?: Record<string, string>;
  stdin?: string;
}

const ROOT = resolve(import.meta.dirname!, "..");
const HOST = targetOf(Deno.build.target);
/** Without the variable that the tasks set for themselves. */
const { DENO_TLS_CA_STORE: _, ...ENVIRONMENT } = Deno.env.toObject();
const AUTOCOM = join(ROOT, "dist", fileName(HOST));

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "40" } } });
  const rounds = Number(values.rounds);
  if (!(rounds >= 1)) throw new BuildError(`--rounds cannot be "${values.rounds}"`);
  if (!await readIfThere(AUTOCOM)) throw new BuildError(`"${AUTOCOM}" is not there: deno task build`);
  const work = await Deno.makeTempDir();
  try {
    await bundle(ROOT, "main.ts", join(work, "autocom"));
    const sizes = await seal(join(work, "autocom"));
    for (const { name, bytes } of sizes) console.log(`${String(bytes).padStart(7)}  ${name}`);
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    console.log(`${String(total).padStart(7)}  bytes in ${sizes.length} chunks (bar ${LIMIT})`);
    const empty = await emptyProgram(work);
    const met = [await race("--version", 1.10, { program: AUTOCOM, args: ["--version"] }, empty, rounds)];
    await using platform = await sandbox(work);
    const list: Run = { program: AUTOCOM, args: ["orders", "list"], env: { ...platform.env, HOME: work } };
    const gh = await ghApi(list, platform.url, work);
    if (gh) met.push(await race("orders list", 1.0, list, gh, rounds));
    else console.log("orders list: not compared, gh is not installed");
    await using keyring = await keyringWith(list, work);
    if (keyring) {
      met.push(await lookUp(7, keyring.stored, { ...list, env: { ...keyring.stored.env, ...list.env } }, rounds));
    } else console.log("keychain: not measured, dbus-run-session or gnome-keyring-daemon is not installed");
    return met.every(Boolean) ? 0 : 1;
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** A compiled program that does nothing: what no program built this way can be faster than. */
async function emptyProgram(work: string): Promise<Run> {
  const chunks = join(work, "empty");
  await Deno.mkdir(chunks);
  await Deno.writeTextFile(join(chunks, "main.js"), "");
  const given = { release: false, denoDir: await denoDir(ROOT), given: Deno.env.get("DENORT_BIN"), fetch };
  const { env } = await runtime({ target: HOST, ...given });
  const { permissions } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const program = join(work, fileName(HOST));
  await embed({ chunks, entry: "main.js", target: HOST, permissions, env, out: program });
  return { program, args: [] };
}

/** The sandbox as a process of its own, and the environment that points autocom at it. */
async function sandbox(work: string): Promise<AsyncDisposable & { url: string; env: Record<string, string> }> {
  const seed = join(work, "seed.json");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...LOCKED, "-A", "tests/platform/sandbox/main.ts", "--seed-file", seed],
    cwd: ROOT,
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
async function ghApi(autocom: Run, url: string, work: string): Promise<Run | undefined> {
  const program = await installed(Deno.build.os === "windows" ? "gh.exe" : "gh");
  if (!program) return undefined;
  const requests: { path: string; headers: Headers; body: string }[] = [];
  const recorder = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    requests.push({ path: new URL(request.url).pathname, headers: request.headers, body: await request.text() });
    return Response.json({});
  });
  const here = { AUTOCOM_API_URL: `http://127.0.0.1:${recorder.addr.port}/api/v1` };
  await once({ ...autocom, env: { ...autocom.env, ...here } });
  await recorder.shutdown();
  const [request] = requests;
  if (!request) throw new BuildError("autocom sent no request");
  const headers = ["accept", "authorization", "x-tenant"].flatMap((
    name,
  ) => ["--header", `${name}: ${request.headers.get(name)}`]);
  return {
    program,
    args: ["api", `${url}${request.path}`, "--method", "POST", "--input", "-", ...headers],
    env: { GH_TOKEN: "none", GH_CONFIG_DIR: join(work, "gh"), GH_NO_UPDATE_NOTIFIER: "1" },
    stdin: request.body,
  };
}

/** Its path among those of PATH. */
async function installed(name: string): Promise<string | undefined> {
  const paths = (Deno.env.get("PATH") ?? "").split(delimiter).map((folder) => join(folder, name));
  const there = await Promise.all(paths.map((path) => Deno.stat(path).then(({ isFile }) => isFile, () => false)));
  return paths[there.indexOf(true)];
}

/** The same command with its session in a GNOME Keyring of its own; undefined where one cannot be had. */
async function keyringWith(list: Run, work: string): Promise<AsyncDisposable & { stored: Run } | undefined> {
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
  const { code } = await once({ program: list.program, args: login, env, stdin: AUTOCOM_TOKEN! });
  const end = async () => {
    await child.stdin.close();
    await child.status;
  };
  if (code !== 0) {
    await end();
    return undefined;
  }
  return { stored: { ...list, env }, [Symbol.asyncDispose]: end };
}

/** What looking up the session in the keychain adds, in ms: the median of the rounds' differences. */
async function lookUp(bar: number, stored: Run, given: Run, rounds: number): Promise<boolean> {
  const times = await inTurns(stored, given, rounds);
  const added = median(times.map(([stored, given]) => stored - given));
  const met = added <= bar;
  console.log(
    `keychain look-up: adds ${added.toFixed(1)} ms (bar ${bar}, ${rounds} rounds): ${met ? "met" : "MISSED"}`,
  );
  return met;
}

/** Says the medians of both, the median of each round's ratio, and whether that is within the bar. */
async function race(name: string, bar: number, ours: Run, theirs: Run, rounds: number): Promise<boolean> {
  const times = await inTurns(ours, theirs, rounds);
  const ratio = median(times.map(([our, their]) => our / their));
  const [our, their] = [median(times.map(([our]) => our)), median(times.map(([, their]) => their))];
  const other = basename(theirs.program).startsWith("gh") ? "gh api, same request" : "empty program";
  const met = ratio <= bar;
  console.log(
    `autocom ${name}: ${our.toFixed(1)} ms, ${other}: ${their.toFixed(1)} ms, ratio ${ratio.toFixed(3)} ` +
      `(bar ${bar.toFixed(2)}, ${rounds} rounds): ${met ? "met" : "MISSED"}`,
  );
  return met;
}

/** Milliseconds of both in each round; who begins alternates. Two rounds more, at first, do not count. */
async function inTurns(one: Run, other: Run, rounds: number): Promise<[one: number, other: number][]> {
  const timed = async (run: Run) => {
    const { code, ms } = await once(run);
    if (code !== 0) throw new BuildError(`${run.program} ${run.args.join(" ")} ended with ${code}`);
    return ms;
  };
  const times: [number, number][] = [];
  for (let round = -2; round < rounds; round++) {
    const reversed = round % 2 !== 0;
    const first = await timed(reversed ? other : one);
    const second = await timed(reversed ? one : other);
    if (round >= 0) times.push(reversed ? [second, first] : [first, second]);
  }
  return times;
}

async function once({ program, args, env, stdin }: Run): Promise<{ code: number; ms: number }> {
  const start = performance.now();
  const pipes = { stdin: "piped", stdout: "null", stderr: "null" } as const;
  const child = new Deno.Command(program, { args, clearEnv: true, env: { ...ENVIRONMENT, ...env }, ...pipes }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin ?? "")).catch(() => {});
  await writer.close().catch(() => {});
  const { code } = await child.status;
  return { code, ms: performance.now() - start };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

try {
  Deno.exit(await main());
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(`bench: ${error.message}`);
  Deno.exit(1);
}

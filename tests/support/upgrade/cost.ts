/**
 * `deno task bench:upgrade [N]`: what the version check adds to a command on a terminal, in milliseconds, and how long an
 * upgrade takes. Of the check two runs of the same program take turns, N times, one with the check switched off; the server
 * hangs, drops the first packet, or has a name that no DNS server answers for. Exits 1 when a bar is missed. As root, on
 * Linux, on a machine that does nothing else.
 *
 * @module
 */

import { join } from "node:path";
import { createSandbox, serveSandbox } from "../../platform/sandbox/mod.ts";
import { HOST } from "../build/tree.ts";
import { Built, type Machine } from "./built.ts";

const TURNS = Number(Deno.args[0] ?? 200);
/** Milliseconds: what the check adds, in the middle and at the 95th of 100; and what an upgrade takes. */
const BARS = { median: 2, p95: 5, pack: 1_500, archive: 3_000 };
let missed = 0;

function within(figure: number, bar: number): string {
  if (figure > bar) missed++;
  return `(bar ${bar}): ${figure > bar ? "MISSED" : "met"}`;
}

/** Python, because Deno's listeners take what comes: a queue that is full drops what knocks. */
const FULL_QUEUE = `import socket,sys
l=socket.socket();l.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1);l.bind(("127.0.0.1",int(sys.argv[1])));l.listen(0)
c=[]
for _ in range(3):
  s=socket.socket();s.setblocking(False);s.connect_ex(l.getsockname());c.append(s)
print("ready",flush=True);sys.stdin.read()`;
const HANGING = `import socket,sys,threading
l=socket.socket();l.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1);l.bind(("127.0.0.1",int(sys.argv[1])));l.listen(99)
c=[]
def take():
  while True: c.append(l.accept())
threading.Thread(target=take,daemon=True).start()
print("ready",flush=True);sys.stdin.read()`;
const DEAF_DNS = `import socket,sys
s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.bind(("127.0.0.77",53));print("ready",flush=True);sys.stdin.read()`;

async function python(program: string, ...args: string[]): Promise<AsyncDisposable> {
  const child = new Deno.Command("python3", { args: ["-c", program, ...args], stdin: "piped", stdout: "piped" })
    .spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await Promise.all([child.status, reader.cancel()]);
    },
  };
}

const sandbox = await createSandbox();
const { url, shutdown } = serveSandbox(sandbox);
const env = { AUTOCOM_API_URL: `${url}/api/v1`, AUTOCOM_TOKEN: sandbox.descriptor(url).users.owner.pat, TERM: "xterm" };

/** Times the program itself, inside of what gives it a terminal. */
const CLOCK = `import os,pty,sys,time
t=time.perf_counter();p,f=pty.fork()
if p==0: os.execv(sys.argv[1],sys.argv[1:])
try:
  while os.read(f,65536): pass
except OSError: pass
_,s,r=os.wait4(p,0);print((time.perf_counter()-t)*1000,(r.ru_utime+r.ru_stime)*1000,s,flush=True)`;

async function measure(name: string, machine: Machine, before: string[] = []): Promise<void> {
  const cache = join(machine.home, ".autocom", "upgrade-check.json");
  const once = async (off: boolean) => {
    await Deno.remove(cache).catch(() => {});
    const args = ["orders", "list", "--tenant", "acme", "--per-page", "1"];
    const { out, err } = await machine.run([], {
      before: [...before, "python3", "-c", CLOCK, machine.path, ...args],
      program: "--color=never",
      env: { ...env, ...off && { AUTOCOM_NO_UPGRADE_CHECK: "1" } },
    });
    const [ms, cpu, status] = out.split(" ").map(Number);
    if (status !== 0) throw new Error(`${out}${err}`);
    return [ms!, cpu!] as const;
  };
  const taken: [number[], number[]] = [[], []];
  const busy: [number[], number[]] = [[], []];
  for (let turn = 0; turn < TURNS + 5; turn++) {
    for (const which of turn % 2 ? [0, 1] as const : [1, 0] as const) {
      const [ms, cpu] = await once(which === 0);
      if (turn >= 5) [taken, busy].forEach((all, index) => all[which].push(index ? cpu : ms));
    }
  }
  const at = (all: number[], share: number) => all.toSorted((a, b) => a - b)[Math.floor(all.length * share)]!;
  const row = ([off, on]: [number[], number[]], share: number) =>
    `${at(off, share).toFixed(1)} → ${at(on, share).toFixed(1)} (${(at(on, share) - at(off, share)).toFixed(2)})`;
  const load = Deno.loadavg()[0]!.toFixed(1);
  const added = (share: number) => at(taken[1], share) - at(taken[0], share);
  console.log(
    `${name}, ms: median ${row(taken, 0.5)} ${within(added(0.5), BARS.median)}, ` +
      `p95 ${row(taken, 0.95)} ${within(added(0.95), BARS.p95)}, least ${row(taken, 0)}; load ${load}`,
  );
  console.log(`  of the processor, ms: median ${row(busy, 0.5)}`);
}

/** Five upgrades, each of a fresh copy of the old program. */
async function upgrades(built: Built, by: "pack" | "archive"): Promise<void> {
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    await using machine = await built.machine();
    if (by === "archive") {
      built.server.faults.push((_, url) =>
        url.pathname.endsWith(".pack") ? new Response(null, { status: 404 }) : undefined
      );
    }
    const begun = performance.now();
    const { code, err } = await machine.run(["upgrade", "-o", "json"]);
    times.push(performance.now() - begun);
    if (code !== 0) throw new Error(err);
  }
  const median = times.sort((a, b) => a - b)[2]!;
  console.log(`an upgrade by the ${by}, ms: median ${median.toFixed(0)} ${within(median, BARS[by])}`);
}

{
  await using built = await Built.make();
  for (const by of ["pack", "archive"] as const) await upgrades(built, by);
  await using machine = await built.machine();
  const port = new URL(built.server.origin).port;
  await built.server[Symbol.asyncDispose]();
  {
    await using _ = await python(HANGING, port);
    await measure("a server that hangs", machine);
  }
  await using _ = await python(FULL_QUEUE, port);
  await measure("a first packet that is dropped", machine);
}
{
  await using built = await Built.make(HOST, "https://releases.example.test/api/v4/projects/autocommerce%2Fcli");
  await using machine = await built.machine();
  await using _ = await python(DEAF_DNS);
  const file = join(machine.folder, "resolv.conf");
  await Deno.writeTextFile(file, "nameserver 127.0.0.77\noptions timeout:30\n");
  const script = `mount --bind ${file} /etc/resolv.conf && exec "$@"`;
  await measure("a DNS server that never answers", machine, ["unshare", "--mount", "sh", "-c", script, "sh"]);
}
await shutdown();
Deno.exit(missed > 0 ? 1 : 0);

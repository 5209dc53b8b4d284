/**
 * `deno task demo`: a working day, for real: a login, lists and filters, a change and its row in the audit log, exports,
 * operations that the program was never told about. Starts the sandbox, runs the program from its source with an empty
 * HOME, approves its login as a browser would, and prints what a person would see. Exits 1 when a step does not behave.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { PERMISSIONS } from "../build/permissions.ts";
import { deno, denoDir, LOCKED } from "../build/process.ts";
import { walkAuthorize } from "./platform/browser.ts";
import { createSandbox, type Sandbox, serveSandbox } from "./platform/sandbox/mod.ts";
import { CACHED } from "./support/cached.ts";
import { missing } from "./support/programs.ts";

const ROOT = resolve(import.meta.dirname!, "..");
/** What the runtime needs on some systems; nothing else of this environment reaches the program. */
const PASSED = ["PATH", "SystemRoot", "TEMP", "NO_COLOR"];

/** Stands for a table, which is shown on a terminal; into a pipe data is TSV. */
const TABLE = "───";
/** Gives a command a terminal of its own, where this demo has none. */
const SCRIPT = Deno.build.os === "linux" && missing(["script", "stty"]).length === 0;

type Line = [line: string, exit: number, holds: string];

/** A working day after the login: what a person is about, and its lines with the exit code and a text in their output. */
const DAY: [about: string, lines: Line[]][] = [
  ["Who am I, and where?", [
    ["whoami", 0, "owner@example.test"],
    ["tenants list", 0, "globex"],
  ]],
  ["What came in?", [
    ["orders list --per-page 3", 0, TABLE],
    ["orders list --per-page 3 -o tsv", 0, "ORDER\tSTATUS\tTOTAL\tCURRENCY\tCREATED\n"],
    ["orders list --per-page 2 -o json", 0, '"total": '],
    ["orders list --limit 2 --fields order_number,total -o yaml", 0, "- order_number: ORD-"],
  ]],
  ["Which of it is not confirmed, and what is running out?", [
    ["orders list --status pending --from 2026-05-10 --to 2026-05-31 --limit 3", 0, "\tpending\t"],
    ["products list --status active --sort stock_quantity --limit 3", 0, "ACM-"],
    [
      "customers list --sort total_spent_desc --limit 3 --fields first_name,total_orders,total_spent",
      0,
      "FIRST NAME\tORDERS\tSPENT\n",
    ],
  ]],
  ["An order leaves the house: looked at, shown, changed, and found in the audit log.", [
    ["orders get ORD-20260515-1992", 0, TABLE],
    ["orders update-status ORD-20260515-1992 shipped --dry-run", 0, "shipped"],
    ["orders update-status ORD-20260515-1992 shipped", 2, "it must be confirmed"],
    ["orders update-status ORD-20260515-1992 shipped --yes", 0, "confirmed → shipped"],
    ["orders get ORD-20260515-1992 --fields order_number,status -o json", 0, '"status": "shipped"'],
    [
      "audit list --operation orders_update_status --since 1h --fields operation,result,subject_id,created_at",
      0,
      TABLE,
    ],
  ]],
  ["A customer wants money back; more than was paid is the server's to refuse.", [
    ["orders refund ORD-20260503-1819 --amount 999999.00 --yes", 8, "--amount"],
    ["orders refund ORD-20260503-1819 --amount 10.50 --reason damaged --yes", 0, "10.50"],
  ]],
  ["The books want the month, once for a program and once for people.", [
    ["orders export --status delivered --from 2026-05-01 --to 2026-05-31 --output-file may.csv", 0, "may.csv"],
    ["orders export --status delivered --from 2026-05-01 --to 2026-05-31 --output-file may.xlsx", 0, "may.xlsx"],
    ["orders export --limit 2 --explode items --fields order_number,item_sku,item_quantity", 0, "ORD-"],
  ]],
  ["A module that this program was never told about: its operations are commands.", [
    ["schema list --search label", 0, "shipping_labels"],
    ["call shipping_labels --help", 0, "--status"],
    ["call shipping_labels --limit 2 --fields id,name,status", 0, "STATUS"],
    ["call shipping_labels --status done --all -o jsonl --fields name,status", 0, '"status":"done"'],
    ["call shipping.createLabel --name Demo --yes --fields name,status", 0, "Demo"],
    ["audit list --operation shipping_create_label --since 1h --fields operation,result", 0, "shipping_create_label"],
    ["graphql {shipping_labels(per_page:1){meta{total_items}}}", 0, '"total_items":'],
  ]],
  ["What is not allowed is refused, and the exit code says by whom.", [
    ["orders list --tenant globex --per-page 1", 0, "ORD-"],
    ["orders list --tenant initech", 5, "initech"],
    ["orders list --tenant acme -o json --page 0", 2, '"code":"usage"'],
  ]],
  ["Good night.", [
    ["config list", 0, "api_url"],
    ["auth logout", 0, "Logged out"],
    ["orders list", 4, "not logged in"],
  ]],
];

async function main(): Promise<void> {
  await deno(["cache", "--quiet", ...LOCKED, "main.ts"], ROOT);
  Deno.env.set("NO_PROXY", "127.0.0.1"); // the sandbox is not asked through a company's proxy
  const sandbox = await createSandbox({ modules: "shipping" });
  const { url, shutdown } = serveSandbox(sandbox);
  const home = await Deno.makeTempDir();
  try {
    const autocom = await program(home);
    await logIn(autocom, sandbox, url);
    for (const [about, lines] of DAY) {
      console.log(`\n# ${about}`);
      for (const [line, exit, holds] of lines) await step(autocom, line, exit, holds);
    }
    console.log(`\nEvery step did what it should. Try it yourself: deno task sandbox`);
  } finally {
    await shutdown();
    sandbox.close();
    await Deno.remove(home, { recursive: true });
  }
}

type Program = (line: string, stdout?: "piped" | "inherit" | "terminal") => Deno.ChildProcess;

/** The program from its source, with the permissions that it is compiled with, and little else than a HOME. */
async function program(home: string): Promise<Program> {
  const env: Record<string, string> = { HOME: home, USERPROFILE: home, DENO_DIR: await denoDir(ROOT) };
  for (const name of PASSED) {
    const value = Deno.env.get(name);
    if (value) env[name] = value;
  }
  const set = { windows: "windows", darwin: "macos" }[Deno.build.os as string] ?? "linux";
  const granted = Object.entries(PERMISSIONS[set as keyof typeof PERMISSIONS]).map(([name, to]) =>
    name === "import" ? "--deny-import" : to === true ? `--allow-${name}` : `--allow-${name}=${[to].flat().join()}`
  );
  const flags = ["--quiet", ...CACHED, "--no-prompt", ...granted, join(ROOT, "main.ts")];
  return (line, stdout = "piped") => {
    const words = ["run", ...flags, ...line.split(" ")];
    const quoted = [Deno.execPath(), ...words].map((word) => `'${word}'`).join(" ");
    const [command, args] = stdout === "terminal"
      ? ["script", ["-qefc", `stty cols 100; exec ${quoted}`, "/dev/null"]]
      : [Deno.execPath(), words];
    return new Deno.Command(command, {
      args,
      cwd: home,
      env: { ...env, ...stdout === "terminal" && { NO_COLOR: "1", SHELL: "/bin/sh" } },
      clearEnv: true,
      stdin: "null",
      stdout: stdout === "inherit" ? "inherit" : "piped",
      stderr: "piped",
    }).spawn();
  };
}

/** The first line on stdout says where to approve; the way back ends the login. */
async function logIn(autocom: Program, sandbox: Sandbox, url: string): Promise<void> {
  const line = `auth login --api-url ${url}/api/v1 --client-id ${sandbox.clientId} ` +
    "--tenant acme --no-browser --store file -o json";
  console.log(`$ autocom ${line}`);
  const child = autocom(line);
  const complaint = new Response(child.stderr).text();
  let said = "";
  let approved = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    await Deno.stdout.write(new TextEncoder().encode(text));
    if (approved || !said.includes("\n")) continue;
    approved = true;
    await approve(JSON.parse(said).url, sandbox);
  }
  const { code } = await child.status;
  verify(line, code, 0, said + await complaint, '"account":"owner@example.test"');
}

/** What a person does in the browser. */
async function approve(address: string, sandbox: Sandbox): Promise<void> {
  const { email, password } = sandbox.descriptor().users.owner;
  console.log(`  … in the browser: ${email} signs in and presses Authorize`);
  const callback = await walkAuthorize(fetch, address, { email, password });
  const page = await fetch(callback).then((response) => response.text(), () => {
    throw new Error("the program does not listen for the browser: are the ports 8765 to 8769 all in use?");
  });
  console.log(`  … the browser shows: ${/<h1>(.*)<\/h1>/.exec(page)?.[1]}`);
}

/** On a terminal the program's tables go there directly, to be seen as they are. */
async function step(autocom: Program, line: string, exit: number, holds: string): Promise<void> {
  console.log(`\n$ autocom ${line}`);
  const direct = Deno.stdout.isTerminal() && exit === 0 && !line.includes("-o ");
  const child = autocom(line, direct ? "inherit" : holds === TABLE && SCRIPT ? "terminal" : "piped");
  const [out, err] = await Promise.all([
    direct ? "" : new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const { code } = await child.status;
  const said = (out + err).replaceAll("\r", "");
  if (said) console.log(said.trimEnd());
  if (code !== 0) console.log(`(exit ${code})`);
  verify(line, code, exit, said, direct || holds === TABLE && !SCRIPT ? "" : holds);
}

function verify(line: string, code: number, exit: number, said: string, holds: string): void {
  if (code !== exit) throw new Error(`autocom ${line} ended with ${code}, not ${exit}:\n${said}`);
  if (!said.includes(holds)) throw new Error(`autocom ${line} did not say "${holds}":\n${said}`);
}

try {
  await main();
} catch (error) {
  console.error(`\ndemo: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}

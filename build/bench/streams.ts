/**
 * Lists and exports of many rows: how fast, and how large.
 *
 * @module
 */

import { join } from "node:path";
import { added, median, race, type Run } from "./times.ts";

const ROWS = 100_000;

interface Served extends AsyncDisposable {
  url: string;
}

/** Columns of the list: the pages hold them, and an export of them is the same rows. */
const COLUMNS = "order_number,status,total,currency,created_at";
const VALUES = COLUMNS.split(",").map((name) => `.${name}`).join(", ");
/** What jq makes of a page, and within what part of its time the program has to. */
const FILTERS = {
  tsv: { filter: `.data.orders.data[] | [${VALUES}] | @tsv`, options: "-r", bar: 0.65 },
  csv: { filter: `.data.orders.data[] | [${VALUES}] | @csv`, options: "-r", bar: 0.7 },
  jsonl: { filter: `.data.orders.data[] | {${COLUMNS}}`, options: "-c", bar: 0.7 },
} as const;

/** Measures long lists and exports; true when every bar is met. `empty` is a program that does nothing. */
export async function streams(autocom: string, empty: Run, work: string, rounds: number): Promise<boolean> {
  const met: boolean[] = [];
  const env = { AUTOCOM_TENANT: "acme", AUTOCOM_TOKEN: "a-token", HOME: work };
  const run = (url: string, ...args: string[]): Run => ({
    name: `${ROWS} orders, ${args.join(" ")}`,
    program: autocom,
    args: ["orders", ...args, "--quiet"],
    env: { ...env, AUTOCOM_API_URL: `${url}/api/v1` },
  });
  {
    await using fast = await serve("--rows", `${ROWS}`);
    const exported = (format: string): Run => ({
      ...run(fast.url, "export", "--format", format, "--fields", COLUMNS),
      name: `${ROWS} orders, export ${format}`,
    });
    const list = run(fast.url, "list", "--all");
    const [csv, jsonl, xlsx] = [exported("csv"), exported("jsonl"), exported("xlsx")];
    for (const [format, ours] of [["tsv", list], ["csv", csv], ["jsonl", jsonl]] as const) {
      const { bar, filter, options } = FILTERS[format];
      const curl = await curlIntoJq(fast.url, ROWS / 100, work, `jq ${options} '${filter}'`);
      met.push(await race(bar, ours, { ...curl, name: `curl into jq (${format})` }, rounds));
    }
    met.push(await race(2, xlsx, list, rounds, "cpu"));
    met.push(await race(1.6, run(fast.url, "list", "--all", "-o", "yaml"), list, rounds));
    for (const [bar, ours] of [[40, list], [40, csv], [40, jsonl], [64, xlsx]] as const) {
      met.push(await memory(bar, ours, empty));
    }
  }
  {
    await using some = await serve("--rows", "10000");
    const query = "[?status == 'pending'].{number: order_number, total: to_number(total)}";
    const name = "--query over 10000 orders";
    const all = run(some.url, "list", "--all");
    met.push(await added(30, { ...run(some.url, "list", "--query", query), name }, all, rounds, "cpu"));
  }
  {
    await using slow = await serve("--rows", "10000", "--delay", "30");
    const curl = await curlIntoJq(slow.url, 100, work, `jq -r '${FILTERS.tsv.filter}'`);
    const apart = { ...curl, name: "curl, one page after another, 30 ms each" };
    const list = { ...run(slow.url, "list", "--all"), name: "10000 orders at 30 ms a page" };
    met.push(await race(1 / 3, list, apart, Math.min(rounds, 3)));
  }
  return met.every(Boolean);
}

async function serve(...args: string[]): Promise<Served> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", "-A", join(import.meta.dirname!, "pages.ts"), ...args],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const stdout = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await stdout.read();
  return {
    url: value.trim(),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await stdout.cancel();
      await child.status;
    },
  };
}

/** The same pages by curl over one connection, made into rows by `jq`. */
async function curlIntoJq(url: string, pages: number, work: string, jq: string): Promise<Run> {
  const config = join(work, `pages-${pages}`);
  const parts = Array.from({ length: pages }, (_, at) =>
    [
      `url = "${url}/api/v1/graphql"`,
      'header = "Content-Type: application/json"',
      `data = "{\\"query\\":\\"query Orders\\",\\"variables\\":{\\"page\\":${at + 1},\\"per_page\\":100}}"`,
    ].join("\n"));
  await Deno.writeTextFile(config, parts.join("\nnext\n") + "\n");
  return { name: "curl into jq", program: "sh", args: ["-c", `curl -sS -K '${config}' | ${jq}`] };
}

/** MiB of resident memory at its largest, over those of the empty program. */
async function memory(bar: number, list: Run, empty: Run): Promise<boolean> {
  const peak = async ({ program, args, env }: Run) => {
    const child = new Deno.Command(program, { args, env: env ?? {}, stdin: "null", stdout: "null", stderr: "null" })
      .spawn();
    let most = 0;
    let over = false;
    const ended = child.status.then(() => over = true);
    while (!over) {
      const status = await Deno.readTextFile(`/proc/${child.pid}/status`).catch(() => "");
      most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await ended;
    return most / 1024;
  };
  if (Deno.build.os !== "linux") return true;
  const rounds = [1, 2, 3];
  const ours = median(await inOrder(rounds, () => peak(list)));
  const floor = median(await inOrder(rounds, () => peak(empty)));
  const met = ours - floor <= bar;
  console.log(
    `${list.name}: ${ours.toFixed(0)} MiB at most, ${(ours - floor).toFixed(0)} over an empty program (bar ${bar}): ${
      met ? "met" : "MISSED"
    }`,
  );
  return met;
}

async function inOrder<T>(rounds: number[], run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const _ of rounds) results.push(await run());
  return results;
}

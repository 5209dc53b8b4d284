/**
 * The Laravel application as a process: databases and keys in a folder of its own, the server, and its control.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AuditRow, Control, Maintenance, Switches } from "./control.ts";
import type { Descriptor } from "./sandbox/mod.ts";

const DOWN: Record<Maintenance, string[]> = {
  down: [],
  retry: ["--retry=60", "--refresh=15"],
  render: ["--render=errors::503"],
  redirect: ["--redirect=/"],
  status500: ["--status=500"],
};

const BUSINESS = ["customers", "products", "orders", "order_items", "team_invitations"];
const WORKERS = 4;

export interface Laravel {
  descriptor: Descriptor;
  control: Control;
  /** Ends the server with all its workers, and removes what it wrote. */
  close(): Promise<void>;
}

/** Makes fresh databases from the seed and serves them on 127.0.0.1, with the packages that are in `vendor`. */
export async function serve(
  app: string,
  { port, switches, vendor }: { port: number; switches: Switches; vendor: string },
): Promise<Laravel> {
  const state = await Deno.makeTempDir({ prefix: "autocom-laravel-" });
  let server: Deno.ChildProcess | undefined;
  const close = async () => {
    try {
      if (server) Deno.kill(-server.pid, "SIGTERM"); // the first process alone would leave its workers on the port
      await server?.status;
    } finally {
      await Deno.remove(state, { recursive: true });
    }
  };
  try {
    const php = starter(app, state, vendor);
    const artisan = artisanOf(php);
    await prepare(state, artisan, switches);
    const opcache = ["-d", "opcache.enable=1", "-d", "opcache.enable_cli=1"];
    const args = [...opcache, "-S", `127.0.0.1:${port}`, "public/index.php"];
    server = php(args, { detached: true, stdout: "null" }).spawn();
    const url = await started(server);
    const seeded = JSON.parse(await Deno.readTextFile(join(state, "seeded.json")));
    return { descriptor: { url, ...seeded }, control: controlOf(state, artisan, switches, seeded.client_id), close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

type Artisan = (...args: string[]) => Promise<string>;

/** Runs PHP in the application, with a state directory and without this process's environment. */
function starter(app: string, state: string, vendor: string) {
  const env = {
    PATH: Deno.env.get("PATH") ?? "",
    HOME: state,
    STATE_DIR: state,
    COMPOSER_VENDOR_DIR: vendor,
    APP_PACKAGES_CACHE: join(state, "packages.php"),
    APP_SERVICES_CACHE: join(state, "services.php"),
    PHP_CLI_SERVER_WORKERS: String(WORKERS),
  };
  return (args: string[], options: Deno.CommandOptions = {}) =>
    new Deno.Command("php", { args, cwd: app, env, clearEnv: true, stdin: "null", stderr: "piped", ...options });
}

function artisanOf(php: ReturnType<typeof starter>): Artisan {
  return async (...args) => {
    const { success, stdout, stderr } = await php(["artisan", ...args]).output();
    const said = new TextDecoder().decode(stdout).trim();
    if (!success) throw new Error(`php artisan ${args[0]}: ${said}${new TextDecoder().decode(stderr)}`);
    return said;
  };
}

/** Keys and databases, and a copy of both to go back to. */
async function prepare(state: string, artisan: Artisan, switches: Switches): Promise<void> {
  for (const folder of ["db", "seeded", "storage/keys", "storage/logs"]) {
    await Deno.mkdir(join(state, folder), { recursive: true });
  }
  await Deno.writeTextFile(join(state, "app-key"), `base64:${crypto.getRandomValues(new Uint8Array(32)).toBase64()}`);
  await Deno.writeTextFile(join(state, "db/central.sqlite"), "");
  await clear(state);
  await set(state, switches);
  await artisan("passport:keys", "--length=2048", "--quiet");
  await artisan("migrate", "--seed", "--force", "--quiet");
  for (const folder of ["db", "storage/keys"]) await snapshot(join(state, folder), join(state, "seeded"));
}

/** Writes the switches to where the application reads them at every request. */
async function set(state: string, switches: Switches): Promise<void> {
  const key = await Deno.readTextFile(join(state, "app-key"));
  const lines = Object.entries({ APP_KEY: key, BCRYPT_ROUNDS: "4", ...switches }).map((pair) => pair.join("="));
  await Deno.writeTextFile(join(state, ".env"), lines.join("\n"));
}

function controlOf(state: string, artisan: Artisan, switches: Switches, clientId: string): Control {
  const query = (database: string, sql: string) => {
    const db = new DatabaseSync(join(state, `db/${database}.sqlite`), { readOnly: true, timeout: 10_000 });
    try {
      return db.prepare(sql).all();
    } finally {
      db.close();
    }
  };
  const changed = async (rows: Promise<string>) => {
    if (await rows !== "1") throw new Error("there is no such thing");
  };
  return {
    async reset() {
      await set(state, switches);
      await clear(state);
      await restore(join(state, "seeded"), join(state, "db"), /\.sqlite$/);
      await restore(join(state, "seeded"), join(state, "storage/keys"), /\.key$/);
    },
    set: (values) => set(state, { ...switches, ...values }),
    down: async (form) => void await artisan("down", ...DOWN[form]),
    expire: (token) => artisan("token:expire", token),
    revoke: (token) => changed(artisan("token:revoke", token)),
    revokeClient: () => changed(artisan("client:revoke", clientId)),
    deleteUser: (email) => changed(artisan("user:delete", email)),
    replaceKeys: async () => void await artisan("passport:keys", "--force", "--length=2048", "--quiet"),
    rows(tenant) {
      const hash = createHash("sha256");
      for (const table of BUSINESS) hash.update(JSON.stringify(query(`tenant_${tenant}`, `select * from ${table}`)));
      return Promise.resolve(hash.digest("hex"));
    },
    audit: () =>
      Promise.resolve(query("central", "select * from module_bus_audit_log order by id") as unknown as AuditRow[]),
  };
}

/** Forgets sessions, limits, cached permissions and maintenance. */
async function clear(state: string): Promise<void> {
  const folder = join(state, "storage/framework");
  for (const name of ["cache", "sessions", "down", "maintenance.php"]) {
    await Deno.remove(join(folder, name), { recursive: true }).catch(() => {});
  }
  for (const name of ["cache/data", "sessions", "views"]) await Deno.mkdir(join(folder, name), { recursive: true });
}

/** Copies the files of a folder; a database's journal goes into the database first. */
async function snapshot(from: string, to: string): Promise<void> {
  for (const { name } of await Array.fromAsync(Deno.readDir(from))) {
    if (name.endsWith(".sqlite")) {
      const db = new DatabaseSync(join(from, name));
      db.exec("pragma wal_checkpoint(truncate)");
      db.close();
    }
    if (/\.(sqlite|key)$/.test(name)) await Deno.copyFile(join(from, name), join(to, name));
  }
}

async function restore(from: string, to: string, files: RegExp): Promise<void> {
  for (const { name } of await Array.fromAsync(Deno.readDir(from))) {
    if (!files.test(name)) continue;
    for (const journal of ["-wal", "-shm"]) await Deno.remove(join(to, name + journal)).catch(() => {});
    await Deno.copyFile(join(from, name), join(to, name));
  }
}

/** Waits until every worker says that it listens, and gives the address; what they say after that nobody needs. */
async function started({ stderr }: Deno.ChildProcess): Promise<string> {
  const lines = stderr.pipeThrough(new TextDecoderStream());
  let [said, urls]: [string, string[]] = ["", []];
  for await (const text of lines.values({ preventCancel: true })) {
    said += text;
    urls = said.match(/(?<=\()http:\S+(?=\) started$)/gm) ?? [];
    if (urls.length > WORKERS) break;
  }
  if (urls.length <= WORKERS) throw new Error(`the server did not start: ${said}`);
  void lines.pipeTo(new WritableStream());
  return urls[0]!;
}

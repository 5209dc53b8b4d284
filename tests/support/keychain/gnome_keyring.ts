import { denoSystem } from "../../../src/system/deno.ts";
import type { World } from "../../contract/keychain.ts";

const TOOLS = ["dbus-daemon", "dbus-send", "gnome-keyring-daemon", "secret-tool"];
const SECRETS = "org.freedesktop.secrets";
const LOGIN = "/org/freedesktop/secrets/collection/login";
/** A bus that starts nothing by itself: no service, no dialog. */
const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=FOLDER</listen><listen>unix:abstract=FOLDER/NAME</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`;

/** Programs that are not installed here; without all of them there is no real keyring to test. */
export async function missingTools(): Promise<string[]> {
  const there = await Promise.all(TOOLS.map((name) => Deno.stat(`/usr/bin/${name}`).then(() => true, () => false)));
  return TOOLS.filter((_, at) => !there[at]);
}

/** A bus that is out of reach for all but libsecret. */
export const noSockets = { connect: () => Promise.reject(new Deno.errors.ConnectionRefused()) };

/** Of the addresses of a bus the one that only libsecret can go to. */
export function abstractOf(addresses = ""): string {
  return addresses.split(";").find((address) => address.startsWith("unix:abstract=")) ?? "";
}

/** A real GNOME Keyring on a bus of its own, with a temporary home; beside it a bus without one, and one never used. */
export async function gnomeKeyring(): Promise<World> {
  const folder = await Deno.makeTempDir();
  const children: Deno.ChildProcess[] = [];
  const spawn = (name: string, args: string[], env: Record<string, string>, stdout: "piped" | "null" = "null") => {
    const pipes = { stdin: "piped", stdout, stderr: "null" } as const;
    const child = new Deno.Command(`/usr/bin/${name}`, { args, env, clearEnv: true, ...pipes }).spawn();
    children.push(child);
    return child;
  };
  const bus = async (name: string) => {
    const config = `${folder}/${name}.conf`;
    await Deno.writeTextFile(config, BUS.replaceAll("FOLDER", folder).replace("NAME", name));
    const child = spawn(
      "dbus-daemon",
      [`--config-file=${config}`, "--nofork", "--print-address"],
      {},
      "piped",
    );
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    await child.stdin.close();
    return new TextDecoder().decode(value).trim();
  };
  const keyring = async (env: Record<string, string>, mode: "--unlock" | "--start") => {
    const child = spawn("gnome-keyring-daemon", ["--foreground", mode, "--components=secrets"], env);
    await new Blob(["password"]).stream().pipeTo(child.stdin);
    return child;
  };

  const [address, bare, fresh] = await Promise.all([bus("full"), bus("bare"), bus("fresh")]);
  const home = await homeWith(folder, "home", address);
  let daemon = await keyring(home, "--unlock");
  await until(home, isUnlocked);
  await keyring(await homeWith(folder, "fresh", fresh), "--start");
  await until({ DBUS_SESSION_BUS_ADDRESS: fresh }, hasService);

  const env: Record<string, string> = {};
  return {
    system: { ...denoSystem(), env },
    async become(state) {
      daemon.kill("SIGCONT");
      if (state === "unlocked" && !(await isUnlocked(home))) {
        daemon.kill("SIGKILL");
        await daemon.status;
        daemon = await keyring(home, "--unlock");
        await until(home, isUnlocked);
      }
      Object.assign(env, home);
      if (state === "no-bus") delete env.DBUS_SESSION_BUS_ADDRESS;
      if (state === "no-service") env.DBUS_SESSION_BUS_ADDRESS = bare;
      if (state === "no-keyring") env.DBUS_SESSION_BUS_ADDRESS = fresh;
      if (state === "locked") {
        await send(
          home,
          SECRETS,
          "/org/freedesktop/secrets",
          "org.freedesktop.Secret.Service.Lock",
          `array:objpath:${LOGIN}`,
        );
      }
      if (state === "hung") daemon.kill("SIGSTOP");
    },
    async close() {
      for (const child of children) {
        try {
          child.kill("SIGKILL");
        } catch { /* it was replaced */ }
        await child.status;
      }
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function homeWith(folder: string, name: string, address: string): Promise<Record<string, string>> {
  const home = `${folder}/${name}`;
  await Deno.mkdir(home, { mode: 0o700 });
  return { HOME: home, XDG_RUNTIME_DIR: home, DBUS_SESSION_BUS_ADDRESS: address };
}

async function isUnlocked(env: Record<string, string>): Promise<boolean> {
  const args = ["string:org.freedesktop.Secret.Collection", "string:Locked"];
  return (await send(env, SECRETS, LOGIN, "org.freedesktop.DBus.Properties.Get", ...args)).includes("boolean false");
}

async function hasService(env: Record<string, string>): Promise<boolean> {
  const answer = await send(env, "org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetNameOwner", `string:${SECRETS}`);
  return answer.includes("string");
}

/** What the bus answers; empty for an error. */
async function send(env: Record<string, string>, to: string, ...args: string[]): Promise<string> {
  const options = { args: ["--session", "--print-reply", `--dest=${to}`, ...args], env, clearEnv: true };
  const { success, stdout } = await new Deno.Command("/usr/bin/dbus-send", options).output();
  return success ? new TextDecoder().decode(stdout) : "";
}

async function until(env: Record<string, string>, check: (env: Record<string, string>) => Promise<boolean>) {
  for (let tries = 0; tries < 1_000; tries++) if (await check(env)) return;
  throw new Error("the keyring does not start");
}

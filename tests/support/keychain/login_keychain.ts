import { join } from "node:path";

/**
 * Puts a keychain of its own in the place of the login keychain of macOS. Only where nobody works: it changes the
 * person's settings until it is closed.
 */
export async function ownKeychain(): Promise<AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "test.keychain-db");
  const before = { chosen: await security("default-keychain"), searched: await security("list-keychains") };
  await security("create-keychain", "-p", "password", path);
  await security("set-keychain-settings", path); // never locks by itself
  await security("unlock-keychain", "-p", "password", path);
  await security("list-keychains", "-s", path, ...before.searched);
  await security("default-keychain", "-s", path);
  return {
    async [Symbol.asyncDispose]() {
      await security("default-keychain", "-s", ...before.chosen);
      await security("list-keychains", "-s", ...before.searched);
      await security("delete-keychain", path);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The paths that it prints, each quoted on a line of its own. */
async function security(...args: string[]): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command("/usr/bin/security", { args }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`security ${args[0]}: ${text(stderr)}`);
  return Array.from(text(stdout).matchAll(/"(.*)"/g), ([, path]) => path!);
}

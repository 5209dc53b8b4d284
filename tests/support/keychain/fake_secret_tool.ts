import type { Ran, RunOptions, Spawn, System } from "../../../src/system/mod.ts";

export type State = "unlocked" | "locked" | "no-bus" | "no-service" | "no-keyring" | "hung" | "missing";

export interface Item {
  attributes: Record<string, string>;
  label: string;
  secret: string;
}

export interface FakeSecretTool extends Spawn {
  /** May be changed between two calls. */
  state: State;
  readonly items: Item[];
  readonly calls: { command: string; args: string[]; options: RunOptions }[];
}

/** A system without libsecret. */
export const noLibrary: System["ffi"] = {
  UnsafePointer: Deno.UnsafePointer,
  UnsafePointerView: Deno.UnsafePointerView,
  dlopen() {
    throw new Error("Could not open library");
  },
};

/**
 * A `secret-tool` of libsecret 0.20.5 with a keyring behind it, as measured: `tests/contract/keychain.ts` holds it to
 * the real one. `hung` answers at once, as a call that was killed after its time.
 */
export function fakeSecretTool(state: State = "unlocked"): FakeSecretTool {
  const tool: FakeSecretTool = {
    state,
    items: [],
    calls: [],
    run(command, args, options) {
      tool.calls.push({ command, args, options });
      if (tool.state === "missing") return Promise.reject(new Deno.errors.NotFound(`No such file: ${command}`));
      return Promise.resolve(answer(tool, args, options.stdin ?? ""));
    },
    launch: () => false,
  };
  return tool;
}

function answer(tool: FakeSecretTool, [verb, ...args]: string[], stdin: string): Ran {
  switch (tool.state) {
    case "hung":
      return ran(null);
    case "no-bus":
      return ran(1, "", "secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY\n");
    case "no-service":
      return ran(1, "", "secret-tool: The name org.freedesktop.secrets was not provided by any .service files\n");
  }
  const words = args.filter((arg, at) => !arg.startsWith("--") && args[at - 1] !== "--label");
  const attributes: Record<string, string> = {};
  for (let at = 0; at + 1 < words.length; at += 2) attributes[words[at]!] = words[at + 1]!;
  const found = tool.items.filter((item) => Object.entries(attributes).every(([k, v]) => item.attributes[k] === v));
  const locked = tool.state === "locked";
  if (verb === "search") return search(found, locked);
  if (verb === "lookup") return found[0] && !locked ? ran(0, found[0].secret) : ran(1);
  if (verb === "clear") {
    if (!found[0] || locked) return ran(1);
    for (const item of found) tool.items.splice(tool.items.indexOf(item), 1);
    return ran(0);
  }
  if (locked) return ran(1, "", "secret-tool: Cannot create an item in a locked collection\n");
  if (tool.state === "no-keyring") {
    const path = "/org/freedesktop/secrets/collection/login";
    return ran(1, "", `secret-tool: Object does not exist at path “${path}”\n`);
  }
  return store(tool, { attributes, label: args[args.indexOf("--label") + 1]!, secret: stdin });
}

function search(found: Item[], locked: boolean): Ran {
  const out = found.map(({ label, secret }, at) =>
    `[/${at + 1}]\nlabel = ${label}\n${locked ? "" : `secret = ${secret}\n`}` +
    "created = 2026-05-03 10:14:22\nmodified = 2026-05-03 10:14:22\n"
  );
  const err = found.map(({ attributes }) =>
    (locked ? "secret-tool: Cannot get secret of a locked object\n" : "") +
    Object.entries(attributes).map(([name, value]) => `attribute.${name} = ${value}\n`).join("")
  );
  return ran(0, out.join(""), err.join(""));
}

/** Replaces the item with exactly these attributes; keeps 8,192 bytes of the secret and ends with 0 all the same. */
function store(tool: FakeSecretTool, item: Item): Ran {
  const bytes = new TextEncoder().encode(item.secret);
  item.secret = new TextDecoder().decode(bytes.subarray(0, 8_192));
  const same = tool.items.findIndex(({ attributes }) =>
    Object.keys(attributes).length === Object.keys(item.attributes).length &&
    Object.entries(attributes).every(([name, value]) => item.attributes[name] === value)
  );
  tool.items.splice(same < 0 ? tool.items.length : same, same < 0 ? 0 : 1, item);
  return ran(0, "", bytes.length >= 8_192 ? "secret-tool: password is too long\n" : "");
}

function ran(code: number | null, stdout = "", stderr = ""): Ran {
  const encoder = new TextEncoder();
  return { code, stdout: encoder.encode(stdout), stderr: encoder.encode(stderr) };
}

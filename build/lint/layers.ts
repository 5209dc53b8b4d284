/**
 * The drawing of the house as a table: which room of `src/` may import which, so that it is linted and not only drawn.
 * A room is a folder, or a file that stands in `src/` itself. ARCHITECTURE.md shows the same from above.
 *
 * @module
 */

interface Room {
  /** What it may import. */
  to: string;
  /** What it may import as types alone. */
  types?: string;
}

/** From the door down to what imports nothing. Every room may import the types of `system`. */
export const LAYERS: Readonly<Record<string, Room>> = {
  "main.ts": { to: "run.ts system errors.ts" },
  "run.ts": { to: "execute.ts completing.ts explaining.ts build_info.ts errors.ts" },
  "execute.ts": {
    to: "app.ts build_info.ts cli commands config drop.ts errors.ts interrupted.ts output typed.ts upgrade",
  },
  "interrupted.ts": { to: "errors.ts" },
  "typed.ts": { to: "cli nearest.ts" },
  "explaining.ts": { to: "cli completion output remembered.ts" },
  "completing.ts": { to: "cli commands completion remembered.ts" },
  "remembered.ts": { to: "config schema storage", types: "app.ts" },
  // The product: nouns and verbs, and what they are made of.
  "commands": {
    to: "account.ts api auth build_info.ts cli completion config doctor errors.ts export fields input " +
      "keychain kinds meanings.ts nearest.ts output paging period query raw schema storage upgrade",
    types: "app.ts",
  },
  // Capabilities that verbs are made of; they know no noun.
  "kinds": { to: "api cli errors.ts fields nearest.ts output paging period query", types: "app.ts" },
  "export": { to: "cli errors.ts fields kinds output paging storage", types: "app.ts" },
  "schema": { to: "api cli errors.ts fields input kinds nearest.ts output paging storage", types: "app.ts config" },
  "raw": { to: "api errors.ts nearest.ts output", types: "app.ts" },
  "input": { to: "errors.ts fields", types: "app.ts cli" },
  "doctor": {
    to: "account.ts address.ts api auth build_info.ts errors.ts fields output storage system",
    types: "app.ts",
  },
  "upgrade": { to: "api build_info.ts errors.ts output storage", types: "app.ts config" },
  "query": { to: "errors.ts fields nearest.ts output" },
  "completion": { to: "cli", types: "app.ts" },
  "man.ts": { to: "storage", types: "cli" },
  // What a verb is given.
  "app.ts": { to: "api auth config drop.ts errors.ts output" },
  "cli": { to: "errors.ts nearest.ts output settings.ts", types: "app.ts drop.ts fields" },
  "account.ts": { to: "api errors.ts fields" },
  "paging": { to: "api errors.ts" },
  "period": { to: "errors.ts" },
  "output": { to: "address.ts errors.ts fields" },
  "fields": { to: "errors.ts nearest.ts" },
  "auth": { to: "api errors.ts keychain storage" },
  "api": { to: "build_info.ts errors.ts" },
  "config": { to: "build_info.ts errors.ts nearest.ts settings.ts storage" },
  "keychain": { to: "errors.ts storage" },
  "storage": { to: "errors.ts" },
  // What imports nothing, or next to nothing.
  "drop.ts": { to: "" },
  "meanings.ts": { to: "settings.ts" },
  "system": { to: "errors.ts settings.ts" },
  "errors.ts": { to: "" },
  "settings.ts": { to: "" },
  "nearest.ts": { to: "" },
  "address.ts": { to: "config storage" },
  "identified.ts": { to: "", types: "config" },
  "build_info.ts": { to: "" },
};

/** The room of a file of the project, or undefined when it is not part of the program. */
export function roomOf(path: string): string | undefined {
  if (path === "main.ts") return path;
  return path.startsWith("src/") ? path.slice("src/".length).split("/")[0] : undefined;
}

/** Why a file of one room may not import one of another, or undefined. */
export function crossing(from: string, to: string, typesOnly: boolean, layers = LAYERS): string | undefined {
  if (from === to || to === "system" && typesOnly) return undefined;
  const room = layers[from];
  if (!room) return `"${from}" is no room of build/lint/layers.ts: draw it there first`;
  if (room.to.split(" ").includes(to)) return undefined;
  const types = (room.types ?? "").split(" ").includes(to);
  if (types && typesOnly) return undefined;
  return `"${from}" imports ${types ? "only types of" : "nothing of"} "${to}" (build/lint/layers.ts)`;
}

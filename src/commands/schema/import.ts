import { member } from "../../api/mod.ts";
import { LOCAL_CHANGE, text, verb } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { view } from "../../fields/mod.ts";
import { readText } from "../../input/mod.ts";
import { detail } from "../../output/mod.ts";
import { digesting, type Edition, save, Source } from "../../schema/mod.ts";
import { counted, COUNTS, skippedNote } from "./said.ts";

export const importing = verb({
  name: "import",
  needs: LOCAL_CHANGE,
  exits: ["tenant"],
  prints: COUNTS,
  examples: ['autocom schema import "$FILE"', 'autocom schema import "$FILE" --tenant globex'],
  summary: "take the schema from a file, where the server does not tell it",
  does:
    "Take the schema of a tenant from introspection JSON, for a server that has introspection switched off. It stays " +
    "until it is replaced; schema refresh asks the server again.",
  args: [{ name: "file", about: "introspection JSON; - is stdin", value: text("file", "file") }],
  async run(app, _given, path) {
    const to = await app.destination();
    const place = await Source.of(app).place();
    if (place.tenant === undefined) {
      throw new AppError("tenant", `cannot import "${path}": no tenant is chosen, and a schema is kept for one`, {
        hint: "say whose it is: autocom schema import FILE --tenant SLUG",
      });
    }
    const json = parse(await readText(app, path, "<file>", "autocom schema import "), path);
    const { digest } = await digesting();
    const found = digest(member(member(json, "data") ?? json, "__schema"));
    if (!found) throw refused(path, "it is not an introspection result: it has no __schema with types");
    const { book, skipped } = found;
    const edition: Edition = { book, skipped, at: app.system.clock.now(), from: "file" };
    if (counted(edition).operations === 0) throw refused(path, "it holds no operation");
    await save(app.system, place, edition, { signal: app.signal });
    await detail(to, view(COUNTS), { ...place, tenant: place.tenant, ...counted(edition), from: "file" });
    await skippedNote(app, edition);
  },
});

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(path, "it is not JSON");
  }
}

function refused(path: string, why: string): AppError {
  return new AppError("usage", `cannot import "${path}": ${why}`, {
    hint: 'the request that makes one stands in README.md, "Every operation of your server"',
  });
}

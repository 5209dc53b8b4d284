import { type Changes, member } from "../../api/mod.ts";
import { type Parsed, reading } from "../../raw/mod.ts";

/** What each document of a body for the gateway changes: nothing for a query, undefined where it cannot be read. */
export async function changesIn({ path, body }: { path: string; body?: string }): Promise<readonly Changes[]> {
  const { parsed } = await reading();
  try {
    const sent: unknown = path.includes("?") ? undefined : JSON.parse(body ?? "");
    return [sent].flat().map((one) => changesOf(one, parsed));
  } catch {
    return [undefined];
  }
}

type Read = (text: string, wanted: string | undefined) => Parsed;

function changesOf(sent: unknown, parsed: Read): Changes {
  const [document, name, variables] = ["query", "operationName", "variables"].map((key) => member(sent, key));
  if (typeof document !== "string") return undefined; // it may be known to the server by a hash
  try {
    const { kind, fields } = parsed(document, typeof name === "string" && name !== "" ? name : undefined);
    return kind === "query" ? [] : fields(Object(variables));
  } catch {
    return undefined;
  }
}

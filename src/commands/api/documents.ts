import { type Changes, member } from "../../api/mod.ts";
import { parsed } from "../graphql/mod.ts";

/** What each document of a body for the gateway changes: nothing for a query, undefined where it cannot be read. */
export function changesIn({ path, body }: { path: string; body?: string }): readonly Changes[] {
  try {
    const sent: unknown = path.includes("?") ? undefined : JSON.parse(body ?? "");
    return [sent].flat().map(changesOf);
  } catch {
    return [undefined];
  }
}

function changesOf(sent: unknown): Changes {
  const [document, name, variables] = ["query", "operationName", "variables"].map((key) => member(sent, key));
  if (typeof document !== "string") return undefined; // it may be known to the server by a hash
  try {
    const { kind, fields } = parsed(document, typeof name === "string" && name !== "" ? name : undefined);
    return kind === "query" ? [] : fields(Object(variables));
  } catch {
    return undefined;
  }
}

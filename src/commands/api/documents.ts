import { type Changes, member } from "../../api/mod.ts";
import { outlining, reading } from "../../raw/mod.ts";

/** What each document of a body for the gateway changes: nothing for a query, undefined where it cannot be read. */
export async function changesIn({ path, body }: { path: string; body?: string }): Promise<readonly Changes[]> {
  const [{ parsed }, { fieldsOf }] = await Promise.all([reading(), outlining()]);
  const changesOf = async (sent: unknown): Promise<Changes> => {
    const [document, name, variables] = ["query", "operationName", "variables"].map((key) => member(sent, key));
    if (typeof document !== "string") return undefined; // it may be known to the server by a hash
    try {
      const operation = await parsed(document, typeof name === "string" && name !== "" ? name : undefined);
      return operation.kind === "query" ? [] : fieldsOf(operation, Object(variables));
    } catch {
      return undefined;
    }
  };
  try {
    const sent: unknown = path.includes("?") ? undefined : JSON.parse(body ?? "");
    return await Promise.all([sent].flat().map(changesOf));
  } catch {
    return [undefined];
  }
}

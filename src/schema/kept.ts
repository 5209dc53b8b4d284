import type { Verb } from "../cli/mod.ts";
import type { Settings } from "../config/mod.ts";
import { load } from "./cache.ts";
import { oneLine } from "./flags.ts";
import { verbOf } from "./operation.ts";

/** The operations that are kept for a tenant, for who asks neither the network nor the keychain. */
export async function keptCalls(system: Parameters<typeof load>[0], settings: Settings) {
  const [address, tenant] = [await settings.get("api_url"), await settings.get("tenant")];
  const edition = await load(system, { origin: new URL(address.value).origin, tenant: tenant.value });
  if (!edition) return undefined;
  const { book } = edition;
  return {
    /** Without those that are deprecated. */
    names: () =>
      book.index().filter(({ kind, deprecated }) => kind !== "subscription" && !deprecated)
        .map(({ name, about }) => ({ name, about: oneLine(about) })),
    verb(word: string): Verb | undefined {
      const operation = book.operation(word);
      return operation && operation.kind !== "subscription" ? verbOf(operation, edition) : undefined;
    },
    verbs: (): Verb[] =>
      book.operations().filter(({ kind }) => kind !== "subscription").map((operation) => verbOf(operation, edition)),
  };
}

import type { Verb } from "../cli/mod.ts";
import { safe } from "../output/mod.ts";
import type { Settings } from "../config/mod.ts";
import { isYoung, load } from "./cache.ts";
import { type Operation, saidOf } from "./book.ts";

const isCallable = ({ kind, lacks }: Operation) => kind !== "subscription" && !lacks;
const verbs = async () => (await import("./operation.ts")).verbOf;

/** The operations that are kept for a tenant, for who asks neither the network nor the keychain. */
export async function keptCalls(system: Parameters<typeof load>[0], settings: Settings) {
  const [address, tenant] = [await settings.get("api_url"), await settings.get("tenant")];
  const edition = await load(system, { origin: new URL(address.value).origin, tenant: tenant.value });
  if (!edition) return undefined;
  const { book } = edition;
  return {
    /** `now` in ms. */
    isYoung: (now: number) => isYoung(edition, now),
    /** Those whose name, or alias on the bus, begins so, without those that are deprecated; `all`: these and types, too. */
    names: (begins: string, all = false) => {
      const dotted = begins.includes(".");
      return book.index(dotted ? "" : begins, all ? "qmsxyQMt" : undefined)
        .filter(({ kind, deprecated }) => all || kind !== "subscription" && !deprecated)
        .map(({ name, about }) => {
          const { alias = "", text } = saidOf(about);
          return { name: dotted ? alias : name, about: safe(text) };
        });
    },
    async verb(word: string): Promise<Verb | undefined> {
      const operation = book.operation(word);
      return operation && isCallable(operation) ? (await verbs())(operation, edition) : undefined;
    },
    async verbs(): Promise<Verb[]> {
      const verbOf = await verbs();
      return book.operations().filter(isCallable).map((operation) => verbOf(operation, edition));
    },
  };
}

import type { Input } from "./book.ts";

/**
 * Inputs by the flags that they have, whatever order they come in: `customer_id` and `customerId` are both `customer-id`,
 * unless both are there; then each keeps its name. What is ours is `arg-…`. One that is deprecated, and they stand last,
 * takes no flag from another.
 */
export class Names {
  readonly #inputs = new Map<string, Input>();
  /** From the server's names. */
  readonly #flags = new Map<string, string>();

  constructor(inputs: readonly Input[], ours: readonly string[], isTaken: (flag: string) => boolean = () => false) {
    const all = inputs.map((input) => ({ input, plain: kebab(input.name) }));
    const count = Map.groupBy(all.filter(({ input }) => input.deprecated === undefined), ({ plain }) => plain);
    const own = (plain: string, flag = plain) =>
      !((count.get(plain)?.length ?? 0) > 1 || this.#inputs.has(flag)) && /^[a-z]/.test(plain);
    const isOurs = ({ plain }: { plain: string }) => ours.includes(`--${plain}`);
    const set = (flag: string, input: Input) => {
      if (isTaken(flag)) return;
      this.#inputs.set(flag, input);
      this.#flags.set(input.name, flag);
    };
    // `--arg-output` is what `output` is called, whoever else has such a name.
    for (const { input, plain } of all.filter(isOurs)) {
      set(`arg-${own(plain, `arg-${plain}`) ? plain : input.name}`, input);
    }
    for (const { input, plain } of all.filter((one) => !isOurs(one))) {
      set(own(plain) ? plain : input.name, input);
    }
  }

  of(flag: string): Input | undefined {
    return this.#inputs.get(flag);
  }

  /** By the server's own name. */
  called(name: string): Input | undefined {
    return this.#inputs.get(this.#flags.get(name) ?? "");
  }

  flag({ name }: Input): string {
    return this.#flags.get(name) ?? name;
  }
}

/** `customer_id`, `customerId` → `customer-id` */
export function kebab(name: string): string {
  return name.replaceAll(/([a-z\d])([A-Z])/g, "$1-$2").replaceAll("_", "-").toLowerCase();
}

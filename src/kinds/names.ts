import { choosing, type Fields, fields, view } from "../fields/mod.ts";
import { type Destination, list } from "../output/mod.ts";

const NAMES = fields({
  field: { is: "text", column: "FIELD", key: true },
  type: { is: "text", column: "TYPE" },
  about: { is: "text", column: "ABOUT", prose: true },
});

/** What `--fields` takes. */
export async function printNames(to: Destination, of: Fields): Promise<void> {
  const writer = list(to, view(NAMES));
  await writer.page((await choosing()).namesIn(of).map(({ name, is, about }) => ({ field: name, type: is, about })));
  await writer.end();
}

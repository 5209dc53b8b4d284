import type { View } from "../fields/mod.ts";
import type { Sheet } from "./sheet.ts";
export function xlsx<Row>(_view: View<Row>, _about: { title: string; id(row: Row): string }): Sheet<Row> {
  throw new Error("not merged yet");
}

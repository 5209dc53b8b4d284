/**
 * A failure as it is told. Loaded when a command fails.
 *
 * @module
 */
import { addressed } from "../address.ts";
import type { AppError } from "../errors.ts";
import { broken } from "./broken.ts";
import { clean, COPIED, MESSAGE, more, NAME, SOME } from "./clean.ts";
import { type Format, isMachine } from "./format.ts";
import { type Mask, maskOf } from "./messages.ts";
import { jsonLine, safe } from "./safe.ts";
import { Secrets } from "./secrets.ts";
import { type Style, style as styles } from "./style.ts";
import { learn } from "./width.ts";

/** {@link renderError}, of whatever characters. */
export async function failing(...told: Parameters<typeof renderError>): Promise<string> {
  const [error, , , , columns = Infinity] = told;
  if (columns < Infinity) await learn([error.message, error.hint ?? ""]);
  return renderError(...told);
}

/**
 * The failure as stderr shows it, with its line breaks; nothing for `pipe-closed`.
 *
 * For a person `error: …`, the field errors one a line, `hint: …`. With `json`, `jsonl` and `yaml` one line
 * `{"error":{"code","exit","message","hint","status","request_id","fields",…}}`, what is absent left out, `more` at the end.
 * Of field errors twenty are shown; `… and 199,980 more` says what was left out, or the member `fields_left_out`.
 */
export function renderError(
  error: AppError,
  format: Format,
  style: Style = styles(false),
  secrets: Secrets = new Secrets(),
  columns = Infinity,
  apiUrl?: string,
  env: Readonly<Record<string, string>> = {},
  tenant?: string,
): string {
  const { kind, exit, status } = error;
  if (kind === "pipe-closed") return "";
  const masked = maskOf(secrets);
  const part = (text: string | undefined, most: number) => text && clean(text, most, masked);
  const message = clean(error.message, MESSAGE, masked);
  // A tenant that was refused is named by no command.
  const within = kind === "tenant" ? undefined : tenant;
  const hint = part(error.hint && addressed(error.hint, apiUrl, env, within), COPIED);
  const requestId = part(error.requestId, NAME);
  const { shown, left } = someFields(error.fields, masked);
  if (isMachine(format)) {
    const fields = error.fields && grouped(shown);
    const fields_left_out = left > 0 ? left : undefined;
    const rest = error.more && bounded(error.more, masked) as Record<string, unknown>;
    const said = { code: kind, exit, message, hint, status, request_id: requestId, fields, fields_left_out, ...rest };
    return jsonLine({ error: said });
  }
  const request = requestId ? safe(` (request ${requestId})`) : "";
  const told = (label: string, paint: (label: string) => string, text: string) =>
    broken(`${label} ${safe(text)}`, columns).replace(label, paint);
  const head = told("error:", style.red, message + request);
  const lines = [request && head.endsWith(request) ? head.slice(0, -request.length) + style.dim(request) : head];
  for (const [field, text] of shown) lines.push(`  ${safe(field)}: ${safe(text)}`);
  if (left > 0) lines.push(`  ${more(left)}`);
  if (hint) lines.push(told("hint:", style.bold, hint));
  return lines.map((text) => text + "\n").join("");
}

/** The first field errors as pairs of field and text, and how many are left. */
function someFields(fields: AppError["fields"], mask: Mask): { shown: [string, string][]; left: number } {
  const shown: [string, string][] = [];
  let left = 0;
  for (const [field, texts] of Object.entries(fields ?? {})) {
    const taken = texts.slice(0, SOME - shown.length);
    for (const text of taken) shown.push([clean(field, NAME, mask), clean(text, MESSAGE, mask)]);
    left += texts.length - taken.length;
  }
  return { shown, left };
}

function grouped(pairs: readonly [string, string][]): Record<string, string[]> {
  const byField = Map.groupBy(pairs, ([field]) => field);
  return Object.fromEntries([...byField].map(([field, all]) => [field, all.map(([, text]) => text)]));
}

/** A value for the error object: every text in it cleaned, of every list and object the first members, five deep. */
function bounded(value: unknown, mask: Mask, depth = 5): unknown {
  if (typeof value === "string") return clean(value, MESSAGE, mask);
  if (typeof value !== "object" || value === null || JSON.isRawJSON(value)) return value;
  if (depth === 0) return "…";
  if (Array.isArray(value)) {
    const shown = value.slice(0, SOME).map((one) => bounded(one, mask, depth - 1));
    return value.length > SOME ? [...shown, more(value.length - SOME)] : shown;
  }
  const all = Object.entries(value);
  const shown = all.slice(0, SOME).map(([key, one]) => [clean(key, NAME, mask), bounded(one, mask, depth - 1)]);
  return Object.fromEntries(all.length > SOME ? [...shown, ["…", more(all.length - SOME)]] : shown);
}

import { digits, exact, member } from "../../api/mod.ts";
import { fields, isShallow } from "../../fields/mod.ts";

/** A change that the server recorded. */
export const ENTRY = fields({
  id: { is: "text" },
  created_at: { is: "instant", column: "TIME", nullable: true },
  operation: { is: "text", column: "OPERATION", key: true, nullable: true, about: "the mutation" },
  result: { is: "text", column: "RESULT", nullable: true, about: "ok, or why it was refused" },
  user_id: { is: "number", nullable: true, about: "the user's number, as --user takes it" },
  request_id: { is: "text", column: "REQUEST", spare: true, nullable: true, place: 1 },
  variables: { is: "data", nullable: true, about: "what was sent" },
  user_agent: { is: "text", nullable: true },
  user: { is: "text", column: "USER", nullable: true, made: true, about: "who: the e-mail where it is known" },
  subject_id: {
    is: "text",
    column: "SUBJECT",
    spare: true,
    nullable: true,
    made: true,
    about: "the id of what was changed",
  },
  change: { is: "text", column: "CHANGE", nullable: true, made: true, about: "what it was changed to" },
});

/** The person who asks: the platform tells nobody's e-mail but one's own. */
export interface Me {
  /** The digits of the number. */
  id: string | null;
  email: string;
}

/** What the gateway sent as a row: the variables are JSON in a text there. */
export function recorded(value: unknown, me: Me | undefined): unknown {
  if (typeof value !== "object" || value === null) return value;
  const sent = member(value, "variables");
  return complete(value, typeof sent === "string" ? parsed(sent) : sent, me);
}

/** A row of the REST endpoint: other names, numbers for ids, and whatever it leaves out. */
export function logged(value: unknown, me: Me | undefined): unknown {
  if (typeof value !== "object" || value === null) return value;
  const text = (...names: string[]) => {
    const found = names.map((name) => member(value, name)).find((one) => one !== undefined && one !== null);
    return typeof found === "boolean" ? String(found) : digits(found) ?? null;
  };
  const sent = member(value, "variables") ?? null;
  const user = member(value, "user_id");
  const row = {
    id: text("id") ?? undefined,
    created_at: text("created_at"),
    operation: text("operation", "action"),
    result: text("result"),
    user_id: typeof user === "string" && /^\d+$/.test(user) ? exact(Number(user), user) : user ?? null,
    request_id: text("request_id"),
    user_agent: text("user_agent"),
  };
  return complete(row, typeof sent === "string" ? parsed(sent) : sent, me);
}

function complete(row: object, variables: unknown, me: Me | undefined): unknown {
  const user = digits(member(row, "user_id"));
  const operation = member(row, "operation");
  const subject = digits(member(variables, "id"));
  return {
    ...row,
    // What somebody sent must not hide the log from everybody.
    variables: isShallow(variables) ? variables : null,
    user: typeof user !== "string" ? null : user === me?.id ? me.email : user,
    subject_id: typeof subject === "string" ? subject : null,
    change: isShallow(variables) ? changeOf(typeof operation === "string" ? operation : "", variables) : null,
  };
}

/** `→ shipped`, `→ cancelled: out of stock`, else what was sent, but for what stands elsewhere. */
function changeOf(operation: string, variables: unknown): string | null {
  if (typeof variables !== "object" || variables === null || Array.isArray(variables)) return null;
  const more = { ...variables as Record<string, unknown> };
  const taken = (name: string) => {
    const value = digits(more[name]) ?? undefined;
    if (value !== undefined && typeof value !== "string") return undefined;
    delete more[name];
    return value;
  };
  taken("id");
  const to = taken("status") ?? (/(^|[._])cancel$/.test(operation) ? "cancelled" : undefined), why = taken("reason");
  const rest = Object.keys(more).length > 0 ? JSON.stringify(more) : undefined;
  const parts = [to && `→ ${to}`, why, rest].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(": ") : null;
}

/** With its digits. What is no JSON stays the text that it is. */
function parsed(text: string): unknown {
  try {
    return exact(JSON.parse(text), text, true);
  } catch {
    return text;
  }
}

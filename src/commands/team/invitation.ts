import { digits, member } from "../../api/mod.ts";
import { fields } from "../../fields/mod.ts";

/** An invitation that was not taken yet. */
export const INVITATION = fields({
  id: { is: "value" },
  email: { is: "text", column: "EMAIL", key: true },
  role: { is: "text", column: "ROLE", nullable: true },
  invited_by: {
    is: "text",
    column: "INVITED BY",
    nullable: true,
    made: true,
    about: "who: the name where it is known",
  },
  expires_at: { is: "instant", column: "EXPIRES", nullable: true },
});

/** What the endpoints send: the role is a name, or an object with one; so is who invited. */
export function invitation(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const name = (of: unknown) => {
    const found = digits(of);
    return digits(typeof found === "object" ? member(found, "name") ?? member(found, "id") : found) ?? null;
  };
  const by = name(member(value, "invited_by"));
  return {
    ...value,
    role: name(member(value, "role")),
    invited_by: typeof by === "string" ? by : null,
    expires_at: member(value, "expires_at") ?? null,
  };
}

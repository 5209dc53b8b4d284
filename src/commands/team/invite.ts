import { oneOf } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { given } from "../../input/mod.ts";
import { changing } from "../../kinds/mod.ts";
import { INVITATION, invitation } from "./invitation.ts";

/** The platform's ids of roles; nobody is invited as owner. */
const ROLES = { admin: 2, manager: 3, agent: 4, viewer: 5 } as const;

const NAMES = Object.keys(ROLES) as (keyof typeof ROLES)[];

const ACTION = "invite somebody";

export const invite = changing({
  name: "invite",
  examples: [
    "autocom team invite asha@example.test --role agent --yes",
    "autocom team invite asha@example.test --role viewer --dry-run",
  ],
  summary: "invite somebody into the tenant",
  does: "Invite somebody into the tenant with a role, after showing it and asking. REST changes leave no row in the " +
    "audit log.",
  permission: "team.invite",
  of: INVITATION,
  action: ACTION,
  document: "POST /team/invite",
  field: "invitation",
  endpoint: "/team/invite",
  seen: "autocom team invitations",
  shape: invitation,
  args: [{ name: "email", about: "where the invitation is sent to", value: given("email") }],
  options: { role: { about: "what they may do", value: oneOf("role", NAMES) } },
  typed: { email: "<email>", role_id: "role" },
  words: ["Invite", "invited"],
  told: ({ email, role }) => `new member ${email} is invited${role ? ` as ${role}` : ""}`,
  check({ role }) {
    if (role !== undefined) return;
    throw new AppError("usage", `cannot ${ACTION}: --role is missing`, { hint: `add --role ${NAMES.join("|")}` });
  },
  prepare: (_api, { role }, email) =>
    Promise.resolve({
      what: `new member ${email}`,
      before: null,
      after: { email, role },
      change: `invited as ${role}`,
      variables: { email, role_id: ROLES[role!] },
    }),
});

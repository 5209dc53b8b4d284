import { member } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";
import { listing } from "../../kinds/mod.ts";
import { INVITATION, invitation } from "./invitation.ts";

const ACTION = "list the invitations";

export const invitations = listing({
  name: "invitations",
  examples: ["autocom team invitations", "autocom team invitations --all -o json"],
  summary: "list who is invited into the tenant",
  does: "List who is invited into the tenant and has not come yet, oldest first.",
  permission: "team.invite",
  of: INVITATION,
  plural: "invitations",
  action: ACTION,
  standard: 20,
  filters: () => ({}),
  // The endpoint has no pages: they are cut here.
  async open(api, { per_page }) {
    const all = member(await api.rest("GET", "/team/invitations", ACTION), "invitations");
    if (!Array.isArray(all)) {
      throw new AppError("server", `cannot ${ACTION}: "invitations" of the answer is not a list`, {
        hint: "server and autocom disagree: autocom doctor",
      });
    }
    const size = Number(per_page);
    const meta = { total_pages: Math.max(1, Math.ceil(all.length / size)), total_items: all.length };
    return {
      ask: (page) => Promise.resolve({ data: all.slice((page - 1) * size, page * size), meta }),
      row: invitation,
    };
  },
});

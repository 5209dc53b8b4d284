import { fields } from "../../fields/mod.ts";

/** The first line of a login that a program drives. */
export const ADDRESS = fields({
  url: { is: "text" },
  expires_at: { is: "instant" },
});

/** Its last line. */
export const LOGGED_IN = fields({
  account: { is: "text", nullable: true },
  tenant: { is: "text" },
  api_url: { is: "text" },
  store: { is: "text" },
});

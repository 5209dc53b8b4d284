import { fields } from "../../fields/mod.ts";

/** What is left of the session: nothing, when both are true. */
export const ENDED = fields({
  origin: { is: "text", column: "ORIGIN" },
  deleted: { is: "switch", column: "DELETED", about: "a copy was on this machine" },
  revoked: { is: "switch", column: "REVOKED", about: "the server ended it: nothing of it lives on" },
});

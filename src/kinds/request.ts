import { fields } from "../fields/mod.ts";

/** The server's name for the request, as its audit log has it. */
export const REQUEST = fields({
  request_id: { is: "text", column: "REQUEST", key: true, nullable: true, made: true },
});

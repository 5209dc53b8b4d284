import { invitations } from "./invitations.ts";
import { invite } from "./invite.ts";

export const verbs = [invite, invitations];

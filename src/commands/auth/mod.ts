import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { refresh } from "./refresh.ts";
import { status } from "./status.ts";
import { token } from "./token.ts";

export const verbs = [login, logout, status, token, refresh];
export { login, logout };

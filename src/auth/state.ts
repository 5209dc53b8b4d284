/**
 * Is there a session that can be used? Everything that wants to know asks here: commands, `auth status`, `doctor`,
 * `whoami` and `auth logout`. No server is asked.
 *
 * @module
 */

import { isToken } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import { reading } from "../storage/mod.ts";
import type { System } from "../system/mod.ts";
import { endsWithin } from "./session.ts";
import type { Found, SessionStore } from "./store.ts";

/** The variables that bring a token, the first one that is set counts. */
export const TOKEN_VARIABLES = ["AUTOCOM_TOKEN", "AUTOCOM_TOKEN_FILE"] as const;
export type TokenVariable = (typeof TOKEN_VARIABLES)[number];

/** Bytes of a file with a token, line breaks around it included. */
const LIMIT = 65_536;
/** Characters: no token is longer, see `isToken`. */
const LONGEST = 16_384;

export type State =
  /** A token from the environment, in a form that tokens have; whether it is good, the server alone knows. */
  | { is: "given"; variable: TokenVariable; token: string }
  | { is: "none"; error(): Promise<AppError> }
  | { is: "stored"; found: Found; life(): Promise<Life> };

/**
 * `alive`: the access token has not ended, as far as this machine's clock can tell. `renewable`: it has ended, or is
 * missing, and the next command renews it. `ended`: nothing can renew it.
 */
export type Life = "alive" | "renewable" | "ended";

export type Disk = Pick<System, "env" | "files" | "host">;

/** The variable that brings a token, if one does: then no store is asked, and nothing is stored or renewed. */
export function tokenVariable({ env }: Pick<System, "env">): TokenVariable | undefined {
  return TOKEN_VARIABLES.find((name) => env[name]);
}

/**
 * Whether there is a session for that origin.
 *
 * @throws {AppError} `usage` or `config`: the variable holds no token; `keychain`: nobody can tell; `unauthenticated`:
 *   what is stored is damaged
 */
export async function state(
  system: Disk & Pick<System, "clock">,
  sessions: SessionStore,
  origin: string,
): Promise<State> {
  const given = await givenToken(system);
  if (given) return { is: "given", ...given };
  const found = await sessions.find(origin);
  if (!found) return { is: "none", error: async () => missing(origin, await sessions.places(origin)) };
  return {
    is: "stored",
    found,
    async life() {
      const { access } = found;
      if (access && !endsWithin(access, 0, system.clock.now())) return "alive";
      return await isRenewable(sessions, origin, found) ? "renewable" : "ended";
    },
  };
}

/** Whether there is something to renew the session with; a personal access token has nothing. */
export async function isRenewable(sessions: SessionStore, origin: string, found: Found): Promise<boolean> {
  return found.access?.kind !== "pat" && await sessions.refreshOf(origin, found) !== undefined;
}

function missing(origin: string, places: string): AppError {
  return new AppError("unauthenticated", `not logged in to ${origin}: ${places}`, {
    hint: "autocom auth login",
  });
}

/** What every command says of a session that has ended for good. */
export function expired(origin: string, { where }: Found): AppError {
  return new AppError("unauthenticated", `the session for ${origin} in ${where} has expired`, {
    hint: "autocom auth login",
  });
}

/** The token of the environment, checked for its form alone. @throws {AppError} `usage` or `config` */
export async function givenToken(system: Disk): Promise<{ variable: TokenVariable; token: string } | undefined> {
  const variable = tokenVariable(system);
  if (!variable) return undefined;
  const value = system.env[variable]!;
  const text = variable === "AUTOCOM_TOKEN" ? value : await (await reading()).readGiven(system, variable, value, LIMIT);
  const token = text.trim();
  if (isToken(token)) return { variable, token };
  const [holder, way] = variable === "AUTOCOM_TOKEN"
    ? [variable, "set it to the token alone"]
    : [`the file of ${variable}`, "write the token alone into it"];
  const why = token === ""
    ? "holds no token"
    : token.length > LONGEST
    ? `holds more than ${LONGEST} characters`
    : "has characters that a token cannot have";
  throw new AppError("usage", `${holder} ${why}`, {
    hint: `${way}, without quotes or line breaks, or: unset ${variable}`,
  });
}

/**
 * What a command is given. Every capability is a thunk: nothing is opened until a verb asks for it.
 *
 * @module
 */

import { type Api, connect, isToken } from "./api/mod.ts";
import { type Access, type SessionStore, sessionStore } from "./auth/mod.ts";
import { VERSION } from "./build_info.ts";
import { type Settings, settings } from "./config/mod.ts";
import { AppError } from "./errors.ts";
import {
  chooseFormat,
  type ColorChoice,
  type Destination,
  type Format,
  type Messages,
  messages,
  style,
  wantsColor,
} from "./output/mod.ts";
import type { PermissionName, System } from "./system/mod.ts";

/** The options that every command has, as the person gave them. */
export interface Globals {
  output?: Format;
  tenant?: string;
  apiUrl?: string;
  /** False with `--no-input`. */
  input: boolean;
  color: ColorChoice;
  /** Seconds. */
  timeout?: string;
  quiet: boolean;
  debug: boolean;
}

/** What a verb needs of Deno's permissions: until the server's first answer, and after it. */
export interface Needs {
  before: readonly PermissionName[];
  after: readonly PermissionName[];
}

/** The token to send, and where it came from. */
export interface Credential {
  token: string;
  /** `AUTOCOM_TOKEN` when it came from there. */
  variable?: "AUTOCOM_TOKEN";
  /** The stored session, when it came from one. */
  access?: Access;
}

export interface App {
  readonly system: System;
  readonly globals: Globals;
  /** Aborts with the reason when the person interrupts. */
  readonly signal: AbortSignal;
  readonly say: Messages;
  readonly settings: Settings;
  readonly sessions: SessionStore;
  /** A person is there to answer: both ends are a terminal and nothing forbids asking. */
  readonly interactive: boolean;
  /** Where data goes. */
  destination(): Promise<Destination>;
  /** `api_url` and its origin (scheme, host, port), with where the address came from. */
  server(): Promise<{ apiUrl: string; origin: string; source: string; isDefault: boolean }>;
  /** The tenant in effect, if any. */
  tenant(): Promise<string | undefined>;
  /** `AUTOCOM_TOKEN`, else the stored session; throws `unauthenticated` when there is none that works. */
  credential(): Promise<Credential>;
  /** A connection with that credential and tenant. */
  api(): Promise<Api>;
  /** The same with a token that is not stored yet. */
  apiWith(token: string, tenant?: string): Promise<Api>;
  /** Milliseconds to wait for a status line. */
  timeout(): Promise<number>;
  /** The verb's second permission set takes force: call it when an answer's status line is known. */
  answered(): void;
}

export function app(system: System, globals: Globals, needs: Needs, format: Format, signal: AbortSignal): App {
  const { env, io } = system;
  const paint = (stream: { isTerminal: boolean }) => style(wantsColor(globals.color, env, stream.isTerminal));
  const say = messages(io.stderr, {
    format,
    quiet: globals.quiet,
    debug: globals.debug || env.AUTOCOM_DEBUG !== undefined,
    style: paint(io.stderr),
  });
  const once = <T>(make: () => T) => {
    let made: { value: T } | undefined;
    return () => (made ??= { value: make() }).value;
  };
  const config = once(() => settings(system, globals));
  const interactive = io.stdin.isTerminal && io.stderr.isTerminal && globals.input && !env.AUTOCOM_NO_INPUT;
  const waiting = () => say.ask("Waiting for the keychain to be unlocked…");
  const store = once(() => sessionStore(system, interactive ? waiting : undefined));

  const self: App = {
    system,
    globals,
    signal,
    say,
    get settings() {
      return config();
    },
    get sessions() {
      return store();
    },
    interactive,
    async destination() {
      const { value } = await config().get("output");
      return { stdout: io.stdout, format: chooseFormat(value, io.stdout.isTerminal), style: paint(io.stdout) };
    },
    server: once(async () => {
      const { value, origin, source } = await config().get("api_url");
      return { apiUrl: value, origin: new URL(value).origin, source, isDefault: origin === "default" };
    }),
    async tenant() {
      return (await config().get("tenant")).value;
    },
    credential: once(async () => {
      const found = await credential(self);
      system.permissions.keep([...needs.before.filter((name) => name !== "run" && name !== "ffi"), ...needs.after]);
      return found;
    }),
    async api() {
      const { token, variable } = await self.credential();
      return open(self, token, await self.tenant(), variable);
    },
    apiWith: (token, tenant) => open(self, token, tenant),
    async timeout() {
      return (await config().get("timeout")).value * 1000;
    },
    answered: once(() => system.permissions.keep(["net", ...needs.after])),
  };
  return self;
}

/** `autocom/<version> (<os>; <arch>)`. */
export function userAgent({ host }: Pick<System, "host">): string {
  return `autocom/${VERSION} (${host.os}; ${host.arch})`;
}

async function open(app: App, token: string, tenant?: string, variable?: string): Promise<Api> {
  const { system, say, signal, answered } = app;
  return connect({
    system,
    apiUrl: (await app.server()).apiUrl,
    token,
    ...(tenant ? { tenant } : {}),
    ...(variable ? { credential: variable } : {}),
    timeout: await app.timeout(),
    userAgent: userAgent(system),
    signal,
    debug: (line) => void say.debug(line),
    answered,
  });
}

async function credential({ system, sessions, server }: App): Promise<Credential> {
  const { origin } = await server();
  const token = system.env.AUTOCOM_TOKEN?.trim();
  if (token) {
    if (!isToken(token)) {
      throw new AppError("usage", "AUTOCOM_TOKEN holds characters that no token has", {
        hint: "set it to the token alone, without quotes or line breaks",
      });
    }
    return { token, variable: "AUTOCOM_TOKEN" };
  }
  const found = await sessions.find(origin);
  if (!found) {
    throw new AppError("unauthenticated", `not logged in to ${origin}`, {
      hint: "autocom auth login, or set AUTOCOM_TOKEN",
    });
  }
  const { access, where } = found;
  if (!isToken(access.access_token)) {
    throw new AppError("unauthenticated", `the session for ${origin} in ${where} is damaged`, {
      hint: "autocom auth login replaces it",
    });
  }
  if (access.expires_at !== null && access.expires_at * 1000 <= system.clock.now()) {
    throw new AppError("unauthenticated", `the session for ${origin} has expired`, { hint: "autocom auth login" });
  }
  return { token: access.access_token, access };
}

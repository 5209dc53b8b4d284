/**
 * Every variable that is read: the list behind the one snapshot and the compiled permission set (a test holds the two
 * together). What they do is in `meanings.ts`.
 *
 * @module
 */

import { type Row, SETTINGS } from "../settings.ts";

/** Variables that others define and autocom honours. */
const CONVENTIONAL = [
  "NO_COLOR",
  "FORCE_COLOR",
  "CLICOLOR",
  "CLICOLOR_FORCE",
  "DO_NOT_TRACK",
  "CI",
  "TERM",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "SSL_CERT_FILE",
  "HOME",
  "USERPROFILE",
] as const;
export type Conventional = (typeof CONVENTIONAL)[number];

/** What the system's own programs and the runtime need. */
const PLUMBING = [
  "https_proxy",
  "all_proxy",
  "no_proxy",
  "DENO_TLS_CA_STORE",
  "SSLKEYLOGFILE",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "SSH_CONNECTION",
  "DBUS_SESSION_BUS_ADDRESS",
  "XDG_RUNTIME_DIR",
  "XDG_DATA_HOME",
  "XDG_DATA_DIRS",
  "XDG_CONFIG_HOME",
  "XDG_CURRENT_DESKTOP",
  "DESKTOP_SESSION",
  "KDE_SESSION_VERSION",
  "WSL_DISTRO_NAME",
  "BROWSER",
  "LANG",
  "PATH",
  "SystemRoot",
  "APPDATA",
  "LOCALAPPDATA",
  "TEMP",
] as const;

/**
 * What steers the runtime when it opens a connection or a file: found in its text, tried on the compiled program of 2.7.11,
 * and taken out of the process at the start. Proxies are in the snapshot, and decided on in `proxy.ts`; whose authorities
 * count is said again where certificates are looked at: with `system` the runtime reads all of what SSL_CERT_FILE names.
 */
export const STEERING: readonly string[] = [
  ...["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"],
  ...["DENO_CERT", "DENO_SERVE_ADDRESS", "DENO_TRUST_PROXY_HEADERS", "DENO_TLS_CA_STORE", "DENO_TRACE_PERMISSIONS"],
  ...["NODE_CHANNEL_FD", "NODE_DEBUG", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "NODE_TLS_REJECT_UNAUTHORIZED"],
  ...["NODE_V8_COVERAGE", "OTEL_DENO"],
];

export const ENVIRONMENT: readonly string[] = [
  ...Object.values<Row>(SETTINGS).flatMap(({ env }) => env ?? []),
  ...CONVENTIONAL,
  ...PLUMBING,
];

/** Stands for a value that is no text: no setting takes it, so that what was meant is refused and never replaced. */
const UNREADABLE = "\ufffd";

/** Those whose value decides what is read, sent and trusted; any other that is not text counts as absent. */
const DECISIVE = /^(AUTOCOM_|HOME$|USERPROFILE$|SSL|DENO_|DO_NOT|CI$|.*_PROXY$)/i;

/**
 * One snapshot of the environment; an empty variable is absent, for the runtime too, which would look for a file of that
 * name. The runtime gives no value that is not UTF-8: it throws, and quotes it, which may be a token. Such a variable is
 * taken out of the process, because libraries would meet it again.
 */
export function snapshot(process: Pick<typeof Deno.env, "get" | "delete">): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of ENVIRONMENT) {
    let value: string | undefined;
    try {
      value = process.get(name);
    } catch {
      process.delete(name);
      value = DECISIVE.test(name) ? UNREADABLE : undefined;
    }
    if (value) env[name] = value;
    else if (value === "") process.delete(name);
  }
  return env;
}

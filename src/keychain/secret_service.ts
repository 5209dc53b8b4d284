import { type Problem, SERVICE } from "./answers.ts";

/** Most bytes of a value. `secret-tool store` cuts what is longer than 8,192 and ends with 0. */
export const CAPACITY = 8_000;

/** As go-keyring says it. */
export const CONTENT_TYPE = "text/plain; charset=utf8";

export const NOT_INSTALLED: Problem = {
  state: "unavailable",
  why: "neither /usr/bin/secret-tool nor libsecret-1.so.0 is installed (package libsecret-tools or libsecret-1-0)",
};

export const NO_BUS: Problem = { state: "unavailable", why: "there is no session bus (D-Bus)" };

/** What go-keyring finds an entry by, and nothing else: entries of the tool before this one are read and replaced. */
export function attributesOf(account: string): [string, string][] {
  return [["service", SERVICE], ["username", account]];
}

/** The label that go-keyring gives an entry. */
export function labelOf(account: string): string {
  return `Password for '${account}' on '${SERVICE}'`;
}

/** What says that there is no keychain, in the words of dbus-daemon, dbus-broker and GIO. Everything else leaves open what it holds. */
const KNOWN: [RegExp, Problem][] = [
  // It is there, and was asked: what dbus-daemon and dbus-broker say of one that crashed, and of one that is silent.
  [/Error\.NoReply|without replying|Remote peer disconnected|Did not receive a reply/, {
    state: "refused",
    why: "the keyring service ended before it answered",
  }],
  [
    /autolaunch|dbus-launch|message bus|Could not connect|Error resolving|in address|address element|for address/i,
    NO_BUS,
  ],
  // Another person's, say: under sudo.
  [/connection is closed|reset by peer|Broken pipe|lack of content|WaitingFor|authentication mechanisms/, {
    state: "unavailable",
    why: "the session bus refused the connection (D-Bus)",
  }],
  [/org\.freedesktop\.secrets was not provided|not activatable|ServiceUnknown/, {
    state: "unavailable",
    why: "no keyring service is running (Secret Service)",
  }],
  [/Process org\.freedesktop\.secrets |Failed to (execute program|activate service)|Launch helper|remote peer/, {
    state: "unavailable",
    why: "the keyring service cannot be started (Secret Service)",
  }],
  // No keyring was ever made, and without a display none can be.
  [/does not exist/i, { state: "unavailable", why: "there is no keyring yet" }],
  [/locked/i, { state: "locked" }],
];

/** Before the text of an error that came over the bus. */
const REMOTE = /^GDBus\.Error:([\w.]+): /;

/** What libsecret or the bus complains of: a known problem, else the first line of it, or the error's name. */
export function problemOf(complaint: string): Problem {
  const known = KNOWN.find(([pattern]) => pattern.test(complaint.slice(0, 1_000)));
  return known?.[1] ?? { state: "refused", why: wordsOf(complaint) };
}

/** The same where an entry was found: the keychain is there, whatever the words say. */
export function keptOf(complaint: string): Problem {
  const problem = problemOf(complaint);
  return problem.state === "unavailable" ? { state: "refused", why: wordsOf(complaint) } : problem;
}

function wordsOf(complaint: string): string {
  const line = complaint.replace(REMOTE, "").trim().split("\n")[0]!.slice(0, 200);
  return line || REMOTE.exec(complaint)?.[1] || "no reason given";
}

import type { World } from "../support/harness.ts";
import { credentials, expire, keepSession, tamper } from "../support/kept.ts";
import { type Broken, diagnoses } from "../support/examined.ts";

const BROKEN: Broken[] = [
  ["no HOME", (of) => delete of.env.HOME, 3, "folder", /HOME is not set/, /^set HOME/],
  [
    "a folder that others may change",
    (of) => Deno.chmod(`${of.home}/.autocom`, 0o777),
    3,
    "folder",
    /mode 0777, yours: others may change it/,
    /^chmod 700 \/\S+\.autocom$/,
  ],
  [
    "a folder that is a link to nothing",
    async (of) => {
      await Deno.rename(`${of.home}/.autocom`, `${of.home}/away`);
      await Deno.symlink(`${of.home}/not/mounted`, `${of.home}/.autocom`);
    },
    3,
    "folder",
    /\.autocom: it is a symbolic link to nothing$/,
    /^remove the link: rm \/\S+\.autocom$/,
  ],
  [
    "a disk that is full",
    (of) => refuseNew(of, "ENOSPC"),
    0,
    "credentials",
    /mode 0600, yours; 1 session; cannot write \S+\/credentials: no space left on the disk \(ENOSPC\)$/,
    /^make room on the disk$/,
  ],
  [
    "a disk that is read-only",
    (of) => refuseNew(of, "EROFS"),
    0,
    "credentials",
    /; cannot write \S+: the file system is read-only \(EROFS\)$/,
    /^set AUTOCOM_CREDENTIALS_FILE to the full path of a file on a disk that can be written$/,
  ],
  ["a config file that cannot be parsed", (of) => writeConfig(of, "tenant = \n"), 3, "config", /line 1/, /./],
  [
    "a config file that others may change",
    async (of) => {
      await writeConfig(of, 'tenant = "acme"\n');
      await Deno.chmod(`${of.home}/.autocom/config.toml`, 0o666);
    },
    3,
    "config",
    /mode 0666/,
    /^chmod go-w \/\S+config\.toml$/,
  ],
  [
    "a setting of the wrong type",
    (of) => writeConfig(of, "no_telemetry = 3\n"),
    3,
    "config",
    /no_telemetry/,
    /config unset/,
  ],
  [
    "an address in clear text",
    (of) => (of.env.AUTOCOM_API_URL = "http://example.com/"),
    2,
    "config",
    /http:/,
    /https:/,
  ],
  [
    "a credentials file that others may read",
    (of) => Deno.chmod(credentials(of), 0o644),
    3,
    "credentials",
    /mode 0644/,
    /^chmod 600 \/\S+credentials$/,
  ],
  [
    "a credentials file that is a link",
    async (of) => {
      await Deno.rename(credentials(of), `${of.home}/elsewhere`);
      await Deno.symlink(`${of.home}/elsewhere`, credentials(of));
    },
    3,
    "credentials",
    /symbolic link/,
    /^remove the link: rm /,
  ],
  [
    "a credentials file that is damaged",
    (of) => Deno.writeTextFile(credentials(of), "{"),
    3,
    "credentials",
    /damaged/,
    /mv \/\S+/,
  ],
  [
    "a session that is damaged",
    (of) => tamper(of, "access", { v: 2 }),
    4,
    "store",
    /credentials is damaged/,
    /^autocom auth login/,
  ],
  [
    "a ledger of the keychain that others may change",
    async (of) => {
      await keepSession(of, "keychain", "owner");
      await Deno.chmod(`${of.home}/.autocom/keychain`, 0o664);
    },
    0,
    "store",
    /^the session is kept in Secret Service; refusing to use \S+keychain: other users may change it \(mode 0664\)$/,
    /^chmod go-w \/\S+keychain$/,
  ],
  [
    "a folder where the lock of the sessions would be",
    (of) => becomes(of, "session.lock", "folder"),
    3,
    "locks",
    /session\.lock: it is a folder, not a regular file$/,
    /^look at it: ls -ld \/\S+session\.lock$/,
  ],
  [
    "a link where the lock of the settings would be",
    (of) => becomes(of, ".config.toml.lock", "link"),
    3,
    "locks",
    /\.config\.toml\.lock: it is a symbolic link$/,
    /^remove the link: rm \/\S+\.config\.toml\.lock$/,
  ],
  [
    "a link where the lock of settings elsewhere would be",
    async (of) => {
      await Deno.mkdir(`${of.home}/mine`, { mode: 0o700 });
      of.env.AUTOCOM_CONFIG = `${of.home}/mine/c.toml`;
      await becomes(of, "../mine/.c.toml.lock", "link");
    },
    3,
    "locks",
    /mine\/\.c\.toml\.lock: it is a symbolic link$/,
    /./,
  ],
  [
    "a folder where the ledger of the keychain would be, whose session is in the file",
    (of) => becomes(of, "keychain", "folder"),
    0,
    "store",
    /^the session is kept in \S+credentials; refusing to use \S+keychain: it is a folder, not a regular file$/,
    /^look at it: ls -ld \/\S+keychain$/,
  ],
  ["no session", (of) => Deno.remove(credentials(of)), 4, "session", /^not logged in to /, /^autocom auth login/],
  [
    "a session that has ended for good",
    async (of) => {
      await tamper(of, "refresh", null);
      expire(of);
    },
    4,
    "session",
    /credentials has expired/,
    /^autocom auth login$/,
  ],
  ["a malformed AUTOCOM_TOKEN", (of) => (of.env.AUTOCOM_TOKEN = '"quoted"'), 2, "session", /AUTOCOM_TOKEN/, /^set it/],
  [
    "a proxy's address that is none",
    (of) => (of.env.HTTPS_PROXY = "http://"),
    10,
    "proxy",
    /HTTPS_PROXY is not the address of a proxy/,
    /or unset HTTPS_PROXY$/,
  ],
  [
    "authorities in a file that is not there",
    (of) => (of.env.AUTOCOM_CA_BUNDLE = "/nowhere.pem"),
    3,
    "certificates",
    /AUTOCOM_CA_BUNDLE "\/nowhere\.pem"/,
    /or unset AUTOCOM_CA_BUNDLE$/,
  ],
];

diagnoses(BROKEN);

async function writeConfig({ home }: World, text: string): Promise<void> {
  await Deno.writeTextFile(`${home}/.autocom/config.toml`, text, { mode: 0o600 });
}

/** Something else stands at that name in the folder. */
async function becomes({ home }: World, name: string, what: "folder" | "link"): Promise<void> {
  const path = `${home}/.autocom/${name}`;
  await Deno.remove(path).catch(() => {});
  await (what === "folder" ? Deno.mkdir(path) : Deno.symlink(`${home}/elsewhere`, path));
}

/** No file can be made any more, and the system says why. */
function refuseNew(of: World, code: string): void {
  const refusal = Object.assign(new Error(code), { code });
  const open: typeof Deno.open = (path, how) => how?.createNew ? Promise.reject(refusal) : Deno.open(path, how);
  of.system = { ...of.system, files: { ...Deno, open } };
}

/**
 * The platforms of a release: THE table, for the program and for the build.
 *
 * @module
 */

export interface Platform {
  /** Deno's name of the target; key of every table of the manifest. */
  readonly triple: string;
  readonly os: "linux" | "darwin" | "windows";
  /** As `Host.arch` says it. */
  readonly arch: "x86_64" | "aarch64";
  /** The middle of an archive's name, as the tool before this one wrote it, e.g. `linux_amd64`. */
  readonly label: string;
}

export const PLATFORMS: readonly Platform[] = [
  { triple: "x86_64-unknown-linux-gnu", os: "linux", arch: "x86_64", label: "linux_amd64" },
  { triple: "aarch64-unknown-linux-gnu", os: "linux", arch: "aarch64", label: "linux_arm64" },
  { triple: "x86_64-apple-darwin", os: "darwin", arch: "x86_64", label: "darwin_amd64" },
  { triple: "aarch64-apple-darwin", os: "darwin", arch: "aarch64", label: "darwin_arm64" },
  { triple: "x86_64-pc-windows-msvc", os: "windows", arch: "x86_64", label: "windows_amd64" },
];

/** The platform of this program's own build; undefined where no release is made for it. */
export function platformOf(host: { os: string; arch: string }): Platform | undefined {
  return PLATFORMS.find(({ os, arch }) => os === host.os && arch === host.arch);
}

/** Name of the program in its archive and where it is installed. */
export function programName({ os }: Pick<Platform, "os">): string {
  return os === "windows" ? "autocom.exe" : "autocom";
}

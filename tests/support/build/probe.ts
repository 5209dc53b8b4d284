/** Compiled with the program's permission set: prints what it may do. */

const states: Record<string, string> = {};
const query = (label: string, descriptor: Deno.PermissionDescriptor) => {
  states[label] = Deno.permissions.querySync(descriptor).state;
};
for (const name of ["net", "read", "write", "ffi", "import", "env", "run", "sys"] as const) {
  query(name, { name } as Deno.PermissionDescriptor);
}
for (const variable of ["HOME", "AUTOCOM_X", "no_proxy", "SECRET"]) query(`env ${variable}`, { name: "env", variable });
for (const kind of ["uid", "hostname"] as const) query(`sys ${kind}`, { name: "sys", kind });
const programs = {
  linux: [
    "/usr/bin/secret-tool",
    "/usr/bin/xdg-open",
    "/usr/local/bin/xdg-open",
    "/run/current-system/sw/bin/xdg-open",
    "/usr/bin/wslview",
  ],
  darwin: ["/usr/bin/security", "/usr/bin/open"],
  windows: ["C:\\Windows\\System32\\rundll32.exe"],
}[Deno.build.os as string] ?? [];
for (const command of programs) query(`run ${command}`, { name: "run", command });

const attempt = async (label: string, action: () => unknown) => {
  try {
    await action();
    states[label] = "done";
  } catch (error) {
    states[label] = (error as Error).name;
  }
};
await attempt("run another program", () => new Deno.Command(Deno.execPath()).output());
const elsewhere = ["http://127.0.0.1:9", "module.ts"].join("/");
await attempt("import over the network", () => import(elsewhere));

console.log(JSON.stringify(states));
